import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../core/errors.ts';

/** Throws when the workspace is not trusted: commands can be run even where their menu items are off. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new DoError({
    code: ERROR_CODES.untrusted,
    message: vscode.l10n.t(
      'This workspace is in Restricted Mode, so nothing can be changed or started from it.',
    ),
    nextStep: vscode.l10n.t('Trust the workspace first.'),
  });
}
