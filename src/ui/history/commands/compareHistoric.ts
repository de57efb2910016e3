import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../../../core/errors.ts';
import type { HistoryEntry } from '../../../operations/history/entry.ts';
import type { DeployedSources } from '../../content/deployedSources.ts';
import { deployedUri } from '../../content/deployedUri.ts';
import { setContext } from '../../contextKeys.ts';
import type { Parts } from '../../parts.ts';
import { historicTarget } from '../historyTarget.ts';
import { historicUri } from '../historicUri.ts';
import { historicLabel, openHistoric } from './openHistoric.ts';

/** Shows what changed with an entry: the source before it (left) beside its own (right). */
export function compareHistoricWithPreviousCommand(parts: Parts): (arg?: unknown) => Promise<void> {
  return async (arg) => {
    const title = vscode.l10n.t('Compare with Previous');
    const { entry, previous } = await historicTarget(parts, arg, title);
    if (previous === undefined) await openHistoric(entry);
    else await compareHistoric(previous, entry);
  };
}

/** Shows an entry (left) beside the local file of its class. */
export function compareHistoricWithLocalCommand(parts: Parts): (arg?: unknown) => Promise<void> {
  return async (arg) => {
    const { entry } = await historicTarget(parts, arg, vscode.l10n.t('Compare with Local File'));
    await parts.files.all();
    const file = parts.files.byName(entry.name);
    if (file === undefined) {
      throw new DoError({
        code: ERROR_CODES.badFile,
        message: vscode.l10n.t('"{0}" has no file in this workspace.', entry.name),
        nextStep: vscode.l10n.t('Restore into File makes one with this source.'),
      });
    }
    await diff(historicUri(entry), file.uri, vscode.l10n.t('{0} ↔ local file', historicLabel(entry)));
  };
}

/** Shows an entry (left) beside what is deployed now. */
export function compareHistoricWithDeployedCommand(
  parts: Parts,
  sources: DeployedSources,
): (arg?: unknown) => Promise<void> {
  return async (arg) => {
    const { entry } = await historicTarget(parts, arg, vscode.l10n.t('Compare with Deployed'));
    const session = await parts.session.ready();
    const rows = await session.operations.list();
    if (!rows.some(({ name }) => name === entry.name)) {
      throw new DoError({
        code: 'NOT_DEPLOYED',
        message: vscode.l10n.t('"{0}" is not deployed in {1}.', entry.name, session.app.name),
        nextStep: vscode.l10n.t('Deploy it first; then there is something to compare with.'),
      });
    }
    const uri = deployedUri(session.app, entry.name);
    sources.set(uri, await session.operations.get(entry.name));
    await diff(historicUri(entry), uri, vscode.l10n.t('{0} ↔ deployed', historicLabel(entry)));
    parts.history.looked(entry.name);
  };
}

/** Two entries are compared in two steps, as files are in the Explorer. */
export class HistoricComparison {
  readonly #parts: Parts;
  #selected: HistoryEntry | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async select(arg?: unknown): Promise<void> {
    const { entry } = await historicTarget(this.#parts, arg, vscode.l10n.t('Select for Compare'));
    this.#selected = entry;
    setContext('butterbaseDO.historicSelected', true);
  }

  async compare(arg?: unknown): Promise<void> {
    const title = vscode.l10n.t('Compare with Selected');
    this.#selected ??= (
      await historicTarget(this.#parts, undefined, vscode.l10n.t('Select for Compare'))
    ).entry;
    const { entry } = await historicTarget(this.#parts, arg, title);
    await compareHistoric(this.#selected, entry);
  }
}

/** The source of one entry (left) beside that of another. */
export async function compareHistoric(left: HistoryEntry, right: HistoryEntry): Promise<void> {
  const title = `${historicLabel(left)} ↔ ${historicLabel(right)}`;
  await diff(historicUri(left), historicUri(right), title);
}

async function diff(left: vscode.Uri, right: vscode.Uri, title: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
}
