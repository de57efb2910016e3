import * as vscode from 'vscode';
import type { HistoryEntry } from '../../operations/history/entry.ts';
import { formatTime } from '../format.ts';

/** Scheme of the read-only documents with sources of the history. */
export const HISTORY_SCHEME = 'butterbase-do-history';

/**
 * The address of a source of the history. Its file name is what the editor shows as title, its query what is meant:
 * `butterbase-do-history:/my-app/counter (2 Jan 2026, 10.00.00).ts?hash=…&name=counter`.
 */
export function historicUri(entry: HistoryEntry): vscode.Uri {
  const plain = (text: string): string => text.replaceAll(/[/\\]/g, '-').replaceAll(':', '.');
  return vscode.Uri.from({
    scheme: HISTORY_SCHEME,
    path: `/${plain(entry.appName ?? entry.appId)}/${plain(`${entry.name} (${formatTime(entry.at)})`)}.ts`,
    query: new URLSearchParams({ hash: entry.hash, name: entry.name }).toString(),
  });
}

export function isHistoric(uri: vscode.Uri): boolean {
  return uri.scheme === HISTORY_SCHEME;
}

/** The parts of such an address. */
export function parseHistoricUri(uri: vscode.Uri): { readonly hash: string; readonly name: string } {
  const query = new URLSearchParams(uri.query);
  return { hash: query.get('hash') ?? '', name: query.get('name') ?? '' };
}
