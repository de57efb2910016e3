import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import type { HistoryEntry } from '../../operations/history/entry.ts';
import { askChoice, type Choice } from '../dialogs.ts';
import { formatTime } from '../format.ts';
import type { Parts } from '../parts.ts';
import { cancelled } from '../progress.ts';
import { memoryKey } from '../session/connections.ts';
import { hasHistory, isClassNode, isEntryNode } from '../tree/nodes.ts';
import { nameOfDocument } from './documentName.ts';
import { entryFacts, entryIcon } from './entryWords.ts';
import { entryNodes } from './historyNodes.ts';
import { personalHistory } from './personalHistory.ts';

/** One entry that a command is about, with the one before it. */
export interface HistoricTarget {
  readonly entry: HistoryEntry;
  readonly previous: HistoryEntry | undefined;
}

/** The app whose history is meant, as the history names it. */
export interface HistoryPlace {
  readonly platform: string;
  readonly appId: string;
}

/** The app of the views: the last known one also while its platform is away, else the one that a command asks for. */
export async function historyPlace({ state, session }: Parts): Promise<HistoryPlace> {
  const { snapshot } = state;
  if (snapshot !== undefined) return { platform: snapshot.place, appId: snapshot.appId };
  const { connection, app } = await session.ready();
  return { platform: memoryKey(connection), appId: app.id };
}

/**
 * The DO name that a command is about: of an element, a file, the active editor, or undefined.
 * @param argument the first of the command
 */
export async function historicName({ files }: Parts, argument: unknown): Promise<string | undefined> {
  if (typeof argument === 'string') return argument;
  if (isClassNode(argument) || hasHistory(argument) || isEntryNode(argument)) return argument.name;
  await files.all();
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  return uri === undefined ? undefined : nameOfDocument(files, uri);
}

/**
 * The entries of the class that a command is about, newest first; the person picks a class when there is no other
 * way to know it.
 * @throws DoError `NO_HISTORY`, `CANCELLED`
 */
export async function historicEntries(
  parts: Parts,
  argument: unknown,
  title: string,
): Promise<readonly HistoryEntry[]> {
  const place = await historyPlace(parts);
  const all = await (await personalHistory()).list(place);
  const name = (await historicName(parts, argument)) ?? (await pickName(all, title));
  const entries = all.filter((entry) => entry.name === name);
  if (entries.length === 0) throw noHistory(name);
  return entries;
}

/** The entry that a command is about: an element, else what the person picks. */
export async function historicTarget(
  parts: Parts,
  argument: unknown,
  title: string,
): Promise<HistoricTarget> {
  if (isEntryNode(argument)) return argument;
  const nodes = entryNodes('', await historicEntries(parts, argument, title));
  const [{ name } = { name: '' }] = nodes;
  const chosen = await askChoice(
    { title, placeholder: vscode.l10n.t('Source of {0}, from the newest', name) },
    nodes.map((node) => ({ ...entryItem(node.entry), choice: node })),
  );
  if (chosen === undefined) throw cancelled();
  return chosen;
}

/** An entry in a list to pick from. */
export function entryItem(entry: HistoryEntry): vscode.QuickPickItem {
  return {
    label: formatTime(entry.at),
    description: entryFacts(entry).join(' · '),
    iconPath: new vscode.ThemeIcon(entryIcon(entry).id),
  };
}

async function pickName(entries: readonly HistoryEntry[], title: string): Promise<string> {
  const counts = new Map<string, number>();
  for (const { name } of entries) counts.set(name, (counts.get(name) ?? 0) + 1);
  if (counts.size === 0) throw noHistory(undefined);
  const choices = [...counts].sort().map(([name, count]): Choice<string> => ({
    label: name,
    description: count === 1 ? vscode.l10n.t('1 entry') : vscode.l10n.t('{0} entries', count),
    choice: name,
  }));
  const name = await askChoice({ title, placeholder: vscode.l10n.t('Durable Object class') }, choices);
  if (name === undefined) throw cancelled();
  return name;
}

function noHistory(name: string | undefined): DoError {
  return new DoError({
    code: ERROR_CODES.invalidInput,
    message:
      name === undefined
        ? vscode.l10n.t('The history of this app is empty.')
        : vscode.l10n.t('The history has nothing about {0}.', name),
    nextStep: vscode.l10n.t(
      'What is deployed gets into it when it is deployed, or when the view of the classes shows it.',
    ),
  });
}
