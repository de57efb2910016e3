import * as vscode from 'vscode';
import type { DeployPreview } from '../../../operations/previews.ts';
import { mustAsk, type Sight } from '../../../operations/history/sight.ts';
import { hashOf } from '../../../operations/history/sourceStore.ts';
import type { ChangeProgress } from '../../commands/changeProgress.ts';
import type { Deploy } from '../../commands/deployQuestions.ts';
import { formatAgo } from '../../format.ts';
import type { Parts } from '../../parts.ts';
import { whoDid } from '../entryWords.ts';
import { historicName, historyPlace } from '../historyTarget.ts';
import { historicUri } from '../historicUri.ts';
import { personalHistory } from '../personalHistory.ts';
import { historicLabel, openHistoric } from './openHistoric.ts';

type Unseen = Exclude<Sight, { kind: 'known' }>;

/** Ids of the entries that may be deployed over although nobody looked: a deploy that goes on another way asks once. */
const mayGo = new Set<string>();

/** Shows what somebody else changed since the person last looked, which counts as looking. */
export function showForeignChangeCommand(parts: Parts): (arg?: unknown) => Promise<void> {
  return async (arg) => {
    const name = await historicName(parts, arg);
    const sight = name === undefined ? undefined : parts.history.sight(name);
    if (name === undefined || sight?.kind !== 'changed') {
      void vscode.window.showInformationMessage(
        name === undefined
          ? vscode.l10n.t('Nothing was changed elsewhere since you last looked.')
          : vscode.l10n.t('{0} was not changed elsewhere since you last looked.', name),
      );
      return;
    }
    await showChange(parts, sight);
  };
}

/** Reads what a deploy would replace, for `mayOverwriteUnseen`: it may be newer than what a refresh has shown. */
export async function lookBeforeDeploy(
  parts: Parts,
  deploy: Deploy,
  preview: DeployPreview,
  signal: AbortSignal,
): Promise<void> {
  if (replacesAnother(deploy, preview)) await parts.history.see(deploy.session, deploy.input.name, signal);
}

/**
 * Whether a deploy may go on: it asks when it would put its source in the place of one that came from elsewhere
 * and that nobody here looked at.
 */
export async function mayOverwriteUnseen(
  parts: Parts,
  deploy: Deploy,
  preview: DeployPreview,
  progress: ChangeProgress,
): Promise<boolean> {
  if (!replacesAnother(deploy, preview)) return true;
  const { file, input } = deploy;
  const sight = parts.history.sight(input.name);
  if (sight === undefined || sight.kind === 'known' || !mustAsk(sight, hashOf(input.code))) return true;
  if (mayGo.has(sight.now.id)) return true;
  const show = vscode.l10n.t('Show Changes');
  const anyway = vscode.l10n.t('Deploy Anyway');
  const detail = vscode.l10n.t(
    'The deploy puts another source in its place. What is deployed now stays in the history.',
  );
  const chosen = await progress.ask(() =>
    vscode.window.showWarningMessage(question(input.name, sight), { modal: true, detail }, show, anyway),
  );
  if (chosen === show) await showChange(parts, sight, file.uri);
  if (chosen === anyway) mayGo.add(sight.now.id);
  return chosen === anyway;
}

/** Of a file that was never deployed from here it is asked anyway. */
function replacesAnother({ file, input }: Deploy, { current }: DeployPreview): boolean {
  return current !== undefined && current.code !== input.code && file.inManifest;
}

function question(name: string, { kind, now }: Unseen): string {
  const ago = formatAgo(now.at);
  if (kind === 'first') {
    return now.by === undefined
      ? vscode.l10n.t('{0} is deployed with a source that you have not seen ({1}).', name, ago)
      : vscode.l10n.t(
          '{0} is deployed with a source that you have not seen, by {1} ({2}).',
          name,
          now.by,
          ago,
        );
  }
  return vscode.l10n.t('{0} was changed since you last looked: {1}, {2}.', name, whoDid(now), ago);
}

/** What was seen last beside what is deployed now; without the former, what is deployed beside `other`. */
async function showChange(parts: Parts, sight: Unseen, other?: vscode.Uri): Promise<void> {
  const { now } = sight;
  const right = historicUri(now);
  const title = historicLabel(now);
  const before = sight.kind === 'changed' ? await seenBefore(parts, sight) : undefined;
  if (before !== undefined) await diff(before, right, vscode.l10n.t('Last seen ↔ {0}', title));
  else if (other !== undefined) await diff(right, other, vscode.l10n.t('{0} ↔ to be deployed', title));
  else await openHistoric(now);
  parts.history.looked(now.name);
}

/**
 * The source that a person saw last, when the history still has it. Their own deploy counts although the change
 * came before anybody could see it in the rows.
 */
async function seenBefore(
  parts: Parts,
  { now, before }: Extract<Sight, { kind: 'changed' }>,
): Promise<vscode.Uri | undefined> {
  const history = await personalHistory();
  const entries = await history.list({ ...(await historyPlace(parts)), name: now.name });
  const entry = entries.find(
    ({ id, hash, event, from }) =>
      id !== now.id && (hash === before || (event === 'deployed' && from === 'editor')),
  );
  return entry === undefined ? undefined : historicUri(entry);
}

async function diff(left: vscode.Uri, right: vscode.Uri, title: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
}
