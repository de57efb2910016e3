import * as vscode from 'vscode';
import { toError } from '../../core/errors.ts';
import { isRefusedByPlatform, stopsDeploy } from '../../core/rules/deployGate.ts';
import type { Finding } from '../../core/rules/finding.ts';
import { logError } from '../errors.ts';
import type { Linter } from '../diagnostics/linter.ts';
import { toRange } from '../diagnostics/toDiagnostic.ts';
import { COMMANDS, run } from '../ids.ts';
import { changedLast, renameInFile } from './renameCollision.ts';

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
  const collision = await collisionIn(uri, errors);
  const rename = vscode.l10n.t('Rename {0}…', collision?.name ?? '');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('{0} has a problem that makes the deploy fail or the class not work.', name),
    { modal: true, detail: errors.map(({ message }) => message).join('\n') },
    ...(collision === undefined ? [] : [rename]),
    show,
    anyway,
  );
  if (chosen === show) await reveal(uri, first);
  if (chosen === rename && collision !== undefined) {
    const last = await changedLast(collision.uris);
    // The text that was read before is not the one any more.
    if (last !== undefined && (await renameInFile(last, collision.name))) await run(COMMANDS.deploy, uri);
  }
  return chosen === anyway;
}

/** A top-level name that another file has as well, and the files that have it. */
async function collisionIn(
  uri: vscode.Uri,
  errors: readonly Finding[],
): Promise<{ readonly name: string; readonly uris: readonly vscode.Uri[] } | undefined> {
  const found = errors.find(({ rule }) => rule === 'duplicate-top-level-name');
  const others = found?.related?.map((related) => vscode.Uri.parse(related.uri)) ?? [];
  if (found === undefined || others.length === 0) return undefined;
  const document = await vscode.workspace.openTextDocument(uri);
  // What is only deployed and has no file cannot be renamed.
  const files = others.filter(({ scheme }) => scheme === uri.scheme);
  return { name: document.getText(toRange(found.range)), uris: [uri, ...files] };
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
