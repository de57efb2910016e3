import * as vscode from 'vscode';
import type { DoClass } from '../../core/model/app.ts';
import type { HistoryEntry } from '../../operations/history/entry.ts';
import type { SyncState } from '../files/syncState.ts';
import { whoDid } from '../history/entryWords.ts';
import { COMMANDS } from '../ids.ts';
import { accessWord, statusWord } from './classWords.ts';
import { codeBlock, escapeMarkdown, type ItemView } from './itemView.ts';
import type { ClassNode } from './nodes.ts';

/** What an element shows beyond its own facts. */
export interface ClassSurroundings {
  /** Undefined while it is not known yet. */
  readonly sync: SyncState | undefined;
  readonly instanceBase: string | undefined;
  /** The path of the local file as a person reads it. */
  readonly filePath: string | undefined;
  /** What is deployed now, when it came from elsewhere since a person last looked. */
  readonly change: HistoryEntry | undefined;
  /** Absolute local time of an ISO time. */
  readonly formatTime: (iso: string) => string;
  /** How long ago an ISO time was: `3 min. ago`. */
  readonly formatAgo: (iso: string) => string;
}

/** The tokens of a class that the menus ask for, in the order the manifest's patterns expect. */
export function classContextValue(
  node: ClassNode,
  sync: SyncState | undefined,
  isChanged: boolean = false,
): string {
  const tokens = ['class'];
  if (node.row !== undefined) tokens.push('deployed');
  if (node.file !== undefined) tokens.push('hasFile');
  if (node.row !== undefined && sync === 'modified') tokens.push('modified');
  if (isChanged) tokens.push('changed');
  return tokens.join(';');
}

/** How a class is shown. */
export function classView(node: ClassNode, surroundings: ClassSurroundings): ItemView {
  const { row, file } = node;
  const { sync, change } = surroundings;
  const state = row === undefined ? vscode.l10n.t('not deployed') : stateWord(row, sync);
  // The state first: a narrow view, or the buttons of a row, cut off the end.
  const facts = [
    ...changeFacts(surroundings),
    state,
    row?.className,
    accessWord(row?.accessMode ?? file?.accessMode),
  ].filter((fact) => fact !== undefined);
  return {
    id: node.id,
    label: node.name,
    description: facts.join(' · '),
    tooltip: tooltip(node, surroundings, state),
    icon: icon(row, sync, change !== undefined),
    contextValue: classContextValue(node, sync, change !== undefined),
    accessibilityLabel: [
      vscode.l10n.t('Durable Object {0}', node.name),
      ...(row === undefined ? [] : [vscode.l10n.t('status {0}', statusWord(row.status))]),
      ...facts,
      ...(row?.errorMessage === undefined ? [] : [row.errorMessage]),
    ].join(', '),
    command:
      file === undefined
        ? { id: COMMANDS.viewDeployedSource, title: vscode.l10n.t('View Deployed Source') }
        : { id: COMMANDS.openLocalFile, title: vscode.l10n.t('Open Local File') },
    // Its history.
    ...(row === undefined ? {} : { collapsible: 'collapsed' }),
  };
}

/** That somebody changed what is deployed, who, and how long ago. */
function changeFacts({ change, formatAgo }: ClassSurroundings): string[] {
  if (change === undefined) return [];
  const who =
    change.from === 'elsewhere'
      ? [
          vscode.l10n.t('changed elsewhere'),
          ...(change.by === undefined ? [] : [vscode.l10n.t('by {0}', change.by)]),
        ]
      : [vscode.l10n.t('changed by {0}', whoDid(change))];
  return [...who, formatAgo(change.at)];
}

/** The one word about a deployed class that matters most: that it failed, else how it relates to the file. */
function stateWord(row: DoClass, sync: SyncState | undefined): string {
  if (row.status !== 'READY') return statusWord(row.status);
  switch (sync) {
    case 'inSync':
      return vscode.l10n.t('in sync');
    case 'modified':
      return vscode.l10n.t('modified');
    case 'missing':
      return vscode.l10n.t('no local file');
    default:
      return vscode.l10n.t('ready');
  }
}

/** Shapes differ, not colours alone. */
function icon(row: DoClass | undefined, sync: SyncState | undefined, isChanged: boolean): ItemView['icon'] {
  if (row === undefined) return { id: 'circle-outline' };
  switch (row.status) {
    case 'ERROR':
      return { id: 'error', color: 'problemsErrorIcon.foreground' };
    case 'BUILDING':
    case 'PENDING':
      return { id: 'watch' };
    case 'READY':
      if (isChanged) return { id: 'cloud-download', color: 'problemsWarningIcon.foreground' };
      if (sync === 'modified') return { id: 'edit', color: 'gitDecoration.modifiedResourceForeground' };
      if (sync === 'missing') return { id: 'cloud' };
      return { id: 'pass', color: 'testing.iconPassed' };
  }
}

function tooltip(node: ClassNode, surroundings: ClassSurroundings, state: string): string {
  const { row } = node;
  const lines: string[] = [`**${escapeMarkdown(node.name)}**`];
  const fact = (label: string, value: string): void => {
    lines.push(`${label}: ${value}`);
  };
  if (row === undefined) {
    lines.push(vscode.l10n.t('Not deployed yet.'));
  } else {
    fact(vscode.l10n.t('Class'), escapeMarkdown(row.className));
    fact(vscode.l10n.t('Status'), escapeMarkdown(statusWord(row.status)));
    if (row.status === 'READY' && surroundings.sync !== undefined) {
      fact(vscode.l10n.t('Local file'), escapeMarkdown(state));
    }
    fact(vscode.l10n.t('Access'), escapeMarkdown(accessWord(row.accessMode) ?? ''));
    fact(
      vscode.l10n.t('Last deploy'),
      row.lastDeployedAt === undefined
        ? vscode.l10n.t('never succeeded')
        : escapeMarkdown(surroundings.formatTime(row.lastDeployedAt)),
    );
  }
  if (surroundings.filePath !== undefined) fact(vscode.l10n.t('File'), escapeMarkdown(surroundings.filePath));
  if (row !== undefined && surroundings.instanceBase !== undefined) {
    fact(vscode.l10n.t('URL'), `\`${surroundings.instanceBase}/_do/${row.name}/<instance>\``);
  }
  if (row?.errorMessage !== undefined) {
    lines.push(vscode.l10n.t('The last deploy failed:'), codeBlock(row.errorMessage));
  }
  return lines.join('\n\n');
}
