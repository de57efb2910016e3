import * as vscode from 'vscode';
import { DoError, ERROR_CODES, isCancelled, toError } from '../../core/errors.ts';
import type { DeployPreview } from '../../operations/previews.ts';
import type { DeployedSources } from '../content/deployedSources.ts';
import type { DeployProblems } from '../diagnostics/deployProblems.ts';
import type { Linter } from '../diagnostics/linter.ts';
import { firstSentence } from '../diagnostics/sourcePosition.ts';
import { errorText, logError, showError } from '../errors.ts';
import type { DoFile } from '../files/doFiles.ts';
import type { ForeignSources } from '../files/foreignSources.ts';
import { hasReadableManifest } from '../files/manifestProblems.ts';
import { readSource } from '../files/readSource.ts';
import { resolveFile } from '../files/resolveFile.ts';
import { lookBeforeDeploy, mayOverwriteUnseen } from '../history/commands/foreignChange.ts';
import { isHistoric } from '../history/historicUri.ts';
import { COMMANDS } from '../ids.ts';
import type { Parts } from '../parts.ts';
import { redact } from '../redact.ts';
import { requireTrust } from '../trust.ts';
import { type ChangeProgress, withChangeProgress } from './changeProgress.ts';
import { agreedLosses, type Deploy, mayReplace, type Onward, wantsRedeploy } from './deployQuestions.ts';
import { keepBooks, showResult } from './deployResult.ts';
import { askTarget, type DeployTarget } from './deployTarget.ts';
import { collisionIn, waysOutOf } from './deployWaysOut.ts';
import { passesLint } from './lintGate.ts';
import type { AgreedLosses, OtherWay } from './losses.ts';
import { explainStuck } from './stuckApp.ts';
import { untriedText } from './untried.ts';

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
    await deployFile(parts, tools, await resolveFile(parts.files, arg, vscode.l10n.t('Deploy')));
  };
}

/**
 * Deploys a file as it is now.
 * @param settled name and access mode when they were asked already
 */
async function deployFile(
  parts: Parts,
  tools: DeployTools,
  file: DoFile,
  settled?: DeployTarget,
): Promise<void> {
  if (!(await hasReadableManifest(file.folder))) return;
  await saveDocument(file.uri);
  const code = await readSource(file.uri);
  if (!(await passesLint(tools.linter, file.uri))) return;
  parts.folder.use(file.folder);
  const session = await parts.session.ready();
  const rows = await session.operations.list();
  const { name, accessMode } = settled ?? (await askTarget(file, code, rows, parts.files));
  await deploySource(parts, tools, { file, session, input: { name, accessMode, code } });
}

/**
 * Deploys a source, after showing what would happen when something is at risk. What goes wrong is shown.
 * @returns whether it is deployed
 */
export async function deploySource(parts: Parts, tools: DeployTools, deploy: Deploy): Promise<boolean> {
  try {
    return await carryOut(parts, tools, deploy);
  } catch (error) {
    await afterFailure(parts, tools, deploy, error);
    return false;
  }
}

async function carryOut(parts: Parts, tools: DeployTools, deploy: Deploy): Promise<boolean> {
  const { input, session, file } = deploy;
  const end = await checkAndSend(parts, tools, deploy);
  switch (end.kind) {
    case 'notWanted':
      return false;
    case 'otherWay':
      await end.way.go();
      return false;
    case 'deployed': {
      tools.problems.clear(file.uri);
      tools.foreign.deployedHere(session, input.name, input.code);
      // Together: what shows how the file stands would show it as not deployed until the books are kept.
      const [books] = await Promise.all([keepBooks(parts, deploy), parts.state.refresh()]);
      await parts.files.refresh();
      void showResult(parts, deploy, end.preview, end.agreed, books);
      return true;
    }
  }
}

/** How a deploy ended that did not fail. */
type End =
  | { readonly kind: 'deployed'; readonly preview: DeployPreview; readonly agreed: AgreedLosses }
  | { readonly kind: 'otherWay'; readonly way: OtherWay }
  | { readonly kind: 'notWanted' };

async function checkAndSend(parts: Parts, tools: DeployTools, deploy: Deploy): Promise<End> {
  const { input, session, file } = deploy;
  const checking = vscode.l10n.t('Checking what the deploy of {0} would do', input.name);
  const first = await withChangeProgress(checking, async (progress) => {
    const preview = await session.operations.previewDeploy(input, progress.signal);
    await lookBeforeDeploy(parts, deploy, preview, progress.signal);
    explainStuck(parts, session, preview.stuck, [input.name, ...preview.destroys.map(({ name }) => name)]);
    if (preview.kind === 'unchanged') return { kind: 'unchanged', preview } as const;
    return agreeAndSend(parts, tools, deploy, preview, progress);
  });
  if (first.kind !== 'unchanged') return first;
  const { preview } = first;
  if (!file.inManifest) await keepBooks(parts, deploy);
  // Nobody has to answer that, so nothing is shown as going on meanwhile.
  if (!(await wantsRedeploy(deploy))) return { kind: 'notWanted' };
  return withChangeProgress(titleOf(deploy, preview), (progress) =>
    agreeAndSend(parts, tools, deploy, preview, progress),
  );
}

/** Asks what has to be asked, then deploys. */
async function agreeAndSend(
  parts: Parts,
  tools: DeployTools,
  deploy: Deploy,
  preview: DeployPreview,
  progress: ChangeProgress,
): Promise<End> {
  if (!(await mayReplace(tools.sources, deploy, preview, progress))) return { kind: 'notWanted' };
  if (!(await mayOverwriteUnseen(parts, deploy, preview, progress))) return { kind: 'notWanted' };
  const onward = onwardFrom(parts, tools, deploy);
  const agreed = await agreedLosses(parts.files, deploy, preview, onward, progress);
  if ('go' in agreed) return { kind: 'otherWay', way: agreed };
  progress.say(titleOf(deploy, preview));
  await deploy.session.operations.deploy(deploy.input, { ...agreed, signal: progress.signal });
  return { kind: 'deployed', preview, agreed };
}

function onwardFrom(parts: Parts, tools: DeployTools, deploy: Deploy): Onward {
  const { file, input } = deploy;
  return {
    again: async () => {
      // The text of a file may be another one by then; a source of the history stays what it is.
      if (isHistoric(file.uri)) await deploySource(parts, tools, deploy);
      else await deployFile(parts, tools, file, input);
    },
    other: (another) => deploySource(parts, tools, another),
  };
}

/** One line: what is deployed, what restarts with it, and whether the module could be tried. */
function titleOf({ input, session }: Deploy, preview: DeployPreview): string {
  const app = session.app.name;
  const others = preview.evicts.filter((name) => name !== input.name);
  const restarted = (preview.kind === 'create' ? others : [input.name, ...others]).join(', ');
  const title =
    restarted === ''
      ? vscode.l10n.t('Creating {0} in {1}', input.name, app)
      : vscode.l10n.t('Deploying {0} to {1}. Restarts {2}: WebSockets drop.', input.name, app, restarted);
  const untried = untriedText(preview.preflight);
  return untried === undefined ? title : `${title} ${untried}`;
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
async function afterFailure(parts: Parts, tools: DeployTools, deploy: Deploy, error: unknown): Promise<void> {
  if (isCancelled(error)) return;
  void parts.state.refresh();
  const { input, file } = deploy;
  const ways = waysOutOf(parts, deploy, error, onwardFrom(parts, tools, deploy));
  const fileOf = (name: string): vscode.Uri | undefined =>
    name === input.name ? file.uri : parts.files.byName(name)?.uri;
  const problem = await tools.problems.mark(toError(error).message, fileOf);
  if (problem === undefined && ways.length === 0) {
    await showError(error, COMMANDS.deploy);
    return;
  }
  logError(error, COMMANDS.deploy);
  const titles = ways.map(({ title }) => title);
  if (problem === undefined) {
    const way = await vscode.window.showErrorMessage(errorText(error), ...titles);
    await ways.find(({ title }) => title === way)?.go();
    return;
  }
  const show = vscode.l10n.t('Show Problem');
  const collision = collisionIn(error, input.name);
  const sentences = [
    vscode.l10n.t(
      '{0} could not be deployed: {1} (line {2} of {3}).',
      input.name,
      firstSentence(problem.message),
      problem.range.start.line + 1,
      vscode.workspace.asRelativePath(problem.uri),
    ),
    ...(collision === undefined
      ? []
      : [
          vscode.l10n.t(
            '{0} has {1} as well, and all classes of an app share their top-level names.',
            collision.other,
            collision.name,
          ),
        ]),
    ...(error instanceof DoError ? [error.nextStep] : []),
  ];
  const chosen = await vscode.window.showErrorMessage(redact(sentences.join(' ')), ...titles, show);
  if (chosen === show) {
    await vscode.window.showTextDocument(problem.uri, { selection: problem.range, preview: false });
  }
  await ways.find(({ title }) => title === chosen)?.go();
}
