import * as vscode from 'vscode';
import type { PreflightVerdict } from '../../operations/preflight/preflight.ts';

/** Why it is not known whether the module loads, as a remark; undefined when it is. */
export function untriedText(verdict: PreflightVerdict): string | undefined {
  switch (verdict.kind) {
    case 'loads':
    case 'fails':
      return undefined;
    case 'unsure':
      return vscode.l10n.t('Whether it loads is not sure: {0}', verdict.why);
    case 'unavailable':
      return vscode.l10n.t('Not tried in the runtime first: {0}', verdict.why);
  }
}
