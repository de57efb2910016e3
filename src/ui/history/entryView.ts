import * as vscode from 'vscode';
import type { HistoryEntry, HistoryEvent } from '../../operations/history/entry.ts';
import { formatShortTime, formatTime } from '../format.ts';
import { COMMANDS } from '../ids.ts';
import { accessWord, statusWord } from '../tree/classWords.ts';
import { escapeMarkdown, type ItemView } from '../tree/itemView.ts';
import type { DeletedClassNode, DeletedClassesNode, EntryNode, HistoryNode } from '../tree/nodes.ts';
import { entryFacts, entryIcon, originWord, whoDid } from './entryWords.ts';

/** How the history of a class is shown under it. */
export function historyView({ id, name }: HistoryNode): ItemView {
  return {
    id,
    label: vscode.l10n.t('History'),
    tooltip: vscode.l10n.t('Sources of {0} that were deployed, from the newest.', escapeMarkdown(name)),
    icon: { id: 'history' },
    contextValue: 'history',
    accessibilityLabel: vscode.l10n.t('History of {0}', name),
    collapsible: 'collapsed',
  };
}

export function deletedClassesView({ id }: DeletedClassesNode): ItemView {
  return {
    id,
    label: vscode.l10n.t('Deleted Classes'),
    tooltip: vscode.l10n.t('Classes of this app that are gone, and whose sources the history has.'),
    icon: { id: 'trash' },
    contextValue: 'deletedClasses',
    accessibilityLabel: vscode.l10n.t('Deleted classes'),
    collapsible: 'collapsed',
  };
}

export function deletedClassView({ id, name, last }: DeletedClassNode): ItemView {
  const gone = goneText(last);
  return {
    id,
    label: name,
    description: gone,
    tooltip: [`**${escapeMarkdown(name)}**`, escapeMarkdown(gone)].join('\n\n'),
    icon: { id: 'trash' },
    contextValue: 'deletedClass',
    accessibilityLabel: vscode.l10n.t('Deleted class {0}, {1}', name, gone),
    collapsible: 'collapsed',
  };
}

/** How one entry is shown, in the tree and in the Explorer. */
export function entryView({ id, entry, previous }: EntryNode): ItemView {
  const facts = entryFacts(entry);
  const label = formatShortTime(entry.at);
  return {
    id,
    label,
    description: facts.join(' · '),
    tooltip: tooltip(entry),
    icon: entryIcon(entry),
    contextValue: previous === undefined ? 'historyEntry' : 'historyEntry;hasPrevious',
    accessibilityLabel: [vscode.l10n.t('{0}, {1}', entry.name, formatTime(entry.at)), ...facts].join(', '),
    command:
      previous === undefined
        ? { id: COMMANDS.openHistoricSource, title: vscode.l10n.t('Open Source') }
        : { id: COMMANDS.compareHistoricWithPrevious, title: vscode.l10n.t('Compare with Previous') },
  };
}

function goneText(last: HistoryEntry): string {
  if (last.event !== 'deleted') return vscode.l10n.t('not deployed any more');
  return vscode.l10n.t('deleted {0} · {1}', formatShortTime(last.at), whoDid(last));
}

function tooltip(entry: HistoryEntry): string {
  const lines = [`**${escapeMarkdown(entry.name)}** · ${escapeMarkdown(formatTime(entry.at))}`];
  const fact = (label: string, value: string | undefined): void => {
    if (value !== undefined) lines.push(`${label}: ${escapeMarkdown(value)}`);
  };
  lines.push(escapeMarkdown(eventSentence(entry.event)));
  fact(vscode.l10n.t('By'), entry.by);
  fact(vscode.l10n.t('From'), originWord(entry.from));
  fact(vscode.l10n.t('Class'), entry.className);
  fact(vscode.l10n.t('Access'), accessWord(entry.accessMode));
  fact(vscode.l10n.t('Status'), statusWord(entry.status));
  if (entry.status === 'ERROR') lines.push(vscode.l10n.t('It was submitted, but did not run.'));
  fact(vscode.l10n.t('SHA-256 of the source'), entry.hash);
  return lines.join('\n\n');
}

function eventSentence(event: HistoryEvent): string {
  switch (event) {
    case 'deployed':
      return vscode.l10n.t('It was deployed from this machine.');
    case 'seen':
      return vscode.l10n.t('It was there when this machine looked.');
    case 'replaced':
      return vscode.l10n.t('It was there right before another one was put in its place.');
    case 'deleted':
      return vscode.l10n.t('It was there when its class was deleted.');
  }
}
