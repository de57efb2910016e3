import * as vscode from 'vscode';
import type { HistoryEntry, HistoryEvent, HistoryOrigin } from '../../operations/history/entry.ts';
import { statusWord } from '../tree/classWords.ts';
import type { ItemView } from '../tree/itemView.ts';

/** Event, who or from where, state and the beginning of the hash, as far as they are known. */
export function entryFacts(entry: HistoryEntry): string[] {
  return [
    eventWord(entry.event),
    entry.by ?? originWord(entry.from),
    statusWord(entry.status),
    shortHash(entry),
  ];
}

/** By whom and when a change came from elsewhere: `API key CI`, `the command line`, `elsewhere`. */
export function whoDid({ by, from }: HistoryEntry): string {
  return by ?? originWord(from);
}

/** Shapes differ, not colours alone. */
export function entryIcon({ status, event }: HistoryEntry): ItemView['icon'] {
  if (status === 'ERROR') return { id: 'error', color: 'problemsErrorIcon.foreground' };
  switch (event) {
    case 'deployed':
      return { id: 'cloud-upload' };
    case 'seen':
      return { id: 'eye' };
    case 'replaced':
      return { id: 'replace' };
    case 'deleted':
      return { id: 'trash' };
  }
}

export function shortHash({ hash }: HistoryEntry): string {
  return hash.slice(0, 7);
}

export function originWord(from: HistoryOrigin): string {
  switch (from) {
    case 'editor':
      return vscode.l10n.t('this editor');
    case 'cli':
      return vscode.l10n.t('the command line');
    case 'agent':
      return vscode.l10n.t('an agent');
    case 'elsewhere':
      return vscode.l10n.t('elsewhere');
  }
}

function eventWord(event: HistoryEvent): string {
  switch (event) {
    case 'deployed':
      return vscode.l10n.t('deployed');
    case 'seen':
      return vscode.l10n.t('seen');
    case 'replaced':
      return vscode.l10n.t('replaced');
    case 'deleted':
      return vscode.l10n.t('deleted');
  }
}
