import type * as vscode from 'vscode';
import { DEPLOYED_SCHEME, parseDeployedUri } from '../content/deployedUri.ts';
import type { DoFiles } from '../files/doFiles.ts';
import { HISTORY_SCHEME, parseHistoricUri } from './historicUri.ts';

/**
 * The DO name of a document: of a Durable Object file, of a deployed source, or of one of the history.
 * @param files read already
 */
export function nameOfDocument(files: DoFiles, uri: vscode.Uri): string | undefined {
  if (uri.scheme === HISTORY_SCHEME) return parseHistoricUri(uri).name;
  if (uri.scheme === DEPLOYED_SCHEME) return parseDeployedUri(uri).name;
  return files.find(uri)?.name;
}
