import * as vscode from 'vscode';
import { placeAt, type Place } from '../../core/language/placeAt.ts';
import { maskText } from '../codelens/classPosition.ts';
import type { DoFiles } from '../files/doFiles.ts';

/** A longer source than the platform takes is not looked through for comments. */
const MOST_UNITS = 1_048_576;

/** What of the platform stands at a position; nothing in other files, in comments and in strings. */
export function placeInDocument(
  files: DoFiles,
  document: vscode.TextDocument,
  position: vscode.Position,
): Place | undefined {
  if (files.find(document.uri) === undefined) return undefined;
  const text = document.getText();
  const place = placeAt(text, document.offsetAt(position));
  if (place === undefined || text.length > MOST_UNITS) return undefined;
  return maskText(text.slice(0, place.anchor + 1)).endsWith(' ') ? undefined : place;
}

export function rangeOf(
  document: vscode.TextDocument,
  place: { readonly start: number; readonly end: number },
): vscode.Range {
  return new vscode.Range(document.positionAt(place.start), document.positionAt(place.end));
}
