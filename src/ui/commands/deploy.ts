import * as vscode from 'vscode';
import { DoError, ERROR_CODES, isCancelled, toError } from '../../core/errors.ts';
import type { DeployPreview } from '../../operations/previews.ts';
import type { DeployedSources } from '../content/deployedSources.ts';
import type { DeployProblems } from '../diagnostics/deployProblems.ts';
import type { Linter } from '../diagnostics/linter.ts';
import { firstSentence } from '../diagnostics/sourcePosition.ts';
import { logError, showError } from '../errors.ts';
import type { ForeignSources } from '../files/foreignSources.ts';
import { hasReadableManifest } from '../files/manifestProblems.ts';
import { readSource } from '../files/readSource.ts';
import { resolveFile } from '../files/resolveFile.ts';
import { COMMANDS } from '../ids.ts';
import type { Parts } from '../parts.ts';
import { redact } from '../redact.ts';
import { requireTrust } from '../trust.ts';
import { withChangeProgress } from './changeProgress.ts';
import { agreedLosses, type Deploy, mayReplace, wantsRedeploy } from './deployQuestions.ts';
import { keepBooks, showResult } from './deployResult.ts';
import { askTarget } from './deployTarget.ts';
import { passesLint } from './lintGate.ts';

/** What the deploy command needs besides the parts. */
export interface DeployTools {
  readonly linter: Linter;
  readonly problems: DeployProblems;
  readonly sources: DeployedSources;
  readonly foreign: ForeignSources;
}

/** Deploys the file that is meant, after showing what would happen when something is at risk. */
export function deployCommand(parts: Parts, tools: DeployTools): (arg?: unknown) => Promise<void> {
  return async (arg) => {
    requireTrust();
    // The manifest may have been written by another program a moment ago, before the watcher said so.
    await parts.files.refresh();
    const file = await resolveFile(parts.files, arg, vscode.l10n.t('Deploy'));
    if (!(await hasReadableManifest(file.folder))) return;
    await saveDocument(file.uri);
    const code = await readSource(file.uri);
    if (!(await passesLint(tools.linter, file.uri))) return;
    parts.folder.use(file.folder);
    const session = await parts.session.ready();
    const rows = await session.operations.list();
    const target = await askTarget(file, code, rows, parts.files);
    const deploy: Deploy = { file, session, input: { ...target, code } };
    try {
      await carryOut(parts, tools, deploy);
    } catch (error) {
      await afterFailure(parts, tools, deploy, error);
    }
  };
}

async function carryOut(parts: Parts, tools: DeployTools, deploy: Deploy): Promise<void> {
  const { input, session, file } = deploy;
  const preview = await withChangeProgress(
    vscode.l10n.t('Checking what the deploy of {0} would do', input.name),
    (signal) => session.operations.previewDeploy(input, signal),
  );
  if (preview.kind === 'unchanged') {
    if (!file.inManifest) await keepBooks(parts, deploy);
    if (!(await wantsRedeploy(deploy))) return;
  } else if (!(await mayReplace(tools.sources, deploy, preview))) return;
  const allowDestroy = await agreedLosses(parts.files, deploy, preview);
  if (allowDestroy === undefined) return;
  await withChangeProgress(titleOf(deploy, preview), (signal) =>
    session.operations.deploy(input, { allowDestroy, signal }),
  );
  tools.problems.clear(file.uri);
  tools.foreign.deployedHere(session, input.name, input.code);
  const books = await keepBooks(parts, deploy);
  await Promise.all([parts.files.refresh(), parts.state.refresh()]);
  void showResult(parts, deploy, preview, books);
}

function titleOf({ input, session }: Deploy, preview: DeployPreview): string {
  const app = session.app.name;
  const others = preview.evicts.filter((name) => name !== input.name);
  if (preview.kind === 'create' && others.length === 0) {
    return vscode.l10n.t('Creating {0} in {1}', input.name, app);
  }
  const restarted = (preview.kind === 'create' ? others : [input.name, ...others]).join(', ');
  return vscode.l10n.t('Deploying {0} to {1}. Restarts {2}: WebSockets drop.', input.name, app, restarted);
}

async function saveDocument(uri: vscode.Uri): Promise<void> {
  const key = uri.toString();
  const document = vscode.workspace.textDocuments.find((candidate) => candidate.uri.toString() === key);
  if (document === undefined || !document.isDirty || (await document.save())) return;
  throw new DoError({
    code: ERROR_CODES.badFile,
    message: vscode.l10n.t(
      '{0} could not be saved, so nothing was deployed.',
      vscode.workspace.asRelativePath(uri),
    ),
    nextStep: vscode.l10n.t('Save it, then deploy again.'),
  });
}

/** Shows what went wrong, at the place in the source when the platform named one. */
async function afterFailure(
  parts: Parts,
  tools: DeployTools,
  { input, file }: Deploy,
  error: unknown,
): Promise<void> {
  if (isCancelled(error)) return;
  void parts.state.refresh();
  const fileOf = (name: string): vscode.Uri | undefined =>
    name === input.name ? file.uri : parts.files.byName(name)?.uri;
  const problem = await tools.problems.mark(toError(error).message, fileOf);
  if (problem === undefined) {
    await showError(error, COMMANDS.deploy);
    return;
  }
  logError(error, COMMANDS.deploy);
  const show = vscode.l10n.t('Show Problem');
  const text = vscode.l10n.t(
    '{0} could not be deployed: {1} (line {2} of {3}). {4}',
    input.name,
    firstSentence(problem.message),
    problem.range.start.line + 1,
    vscode.workspace.asRelativePath(problem.uri),
    error instanceof DoError ? error.nextStep : '',
  );
  const chosen = await vscode.window.showErrorMessage(redact(text.trim()), show);
  if (chosen === show) {
    await vscode.window.showTextDocument(problem.uri, { selection: problem.range, preview: false });
  }
}
