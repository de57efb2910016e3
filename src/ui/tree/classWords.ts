import * as vscode from 'vscode';
import type { AccessMode, ClassStatus } from '../../core/model/app.ts';

export function statusWord(status: ClassStatus): string {
  switch (status) {
    case 'READY':
      return vscode.l10n.t('ready');
    case 'ERROR':
      return vscode.l10n.t('error');
    case 'BUILDING':
      return vscode.l10n.t('building');
    case 'PENDING':
      return vscode.l10n.t('pending');
  }
}

export function accessWord(mode: AccessMode | undefined): string | undefined {
  switch (mode) {
    case 'public':
      return vscode.l10n.t('public');
    case 'authenticated':
      return vscode.l10n.t('authenticated');
    case 'service_key':
      return vscode.l10n.t('service key');
    case undefined:
      return undefined;
  }
}
