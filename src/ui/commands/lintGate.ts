import * as vscode from 'vscode';
import { toError } from '../../core/errors.ts';
import { isRefusedByPlatform, stopsDeploy } from '../../core/rules/deployGate.ts';
import type { Finding } from '../../core/rules/finding.ts';
import { logError } from '../errors.ts';
import type { Linter } from '../diagnostics/linter.ts';
import { toRange } from '../diagnostics/toDiagnostic.ts';

/**
 * Checks a file before it is deployed. What the platform would refuse stops the deploy; an error that only
 * shows later may be deployed all the same when the person says so.
 *
 * @returns whether to go on
 */
export async function passesLint(linter: Linter, uri: vscode.Uri): Promise<boolean> {
  const errors = await errorsOf(linter, uri);
  const [first] = errors;
  if (first === undefined) return true;
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const refused = errors.find(isRefusedByPlatform);
  const show = vscode.l10n.t('Show Problems');
  if (refused !== undefined) {
    const chosen = await vscode.window.showErrorMessage(
      vscode.l10n.t('{0} cannot be deployed. {1}', name, refused.message),
      show,
    );
    if (chosen === show) await reveal(uri, refused);
    return false;
  }
  const anyway = vscode.l10n.t('Deploy Anyway');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('{0} has a problem that makes the deploy fail or the class not work.', name),
    { modal: true, detail: errors.map(({ message }) => message).join('\n') },
    show,
    anyway,
  );
  if (chosen === show) await reveal(uri, first);
  return chosen === anyway;
}

/** A checker that does not answer must not keep anybody from deploying: the platform checks as well. */
async function errorsOf(linter: Linter, uri: vscode.Uri): Promise<readonly Finding[]> {
  try {
    const findings = await linter.check(uri);
    return findings.filter(stopsDeploy);
  } catch (error) {
    logError(toError(error), 'lint before deploy');
    return [];
  }
}

async function reveal(uri: vscode.Uri, finding: Finding): Promise<void> {
  await vscode.window.showTextDocument(uri, { selection: toRange(finding.range), preview: false });
  await vscode.commands.executeCommand('workbench.actions.view.problems');
}
