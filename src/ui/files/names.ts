import * as vscode from 'vscode';
import { isDoName, MAX_PATH_NAME_LENGTH, toDoName } from '../../core/model/names.ts';

/** Why a DO name cannot be used, as a sentence for an input box; undefined when it can. `taken`: names in use. */
export function doNameProblem(name: string, taken: ReadonlySet<string>): string | undefined {
  if (name === '') return vscode.l10n.t('Give the Durable Object a name, such as chat-room.');
  if (!isDoName(name)) {
    const proposal = toDoName(name);
    return isDoName(proposal)
      ? vscode.l10n.t('Use lower-case letters, digits and single dashes: {0}', proposal)
      : vscode.l10n.t('Use lower-case letters, digits and single dashes, such as chat-room.');
  }
  if (name === 'env') {
    return vscode.l10n.t('"env" cannot be used: the platform lists environment variables under that name.');
  }
  if (name.length > MAX_PATH_NAME_LENGTH) {
    return vscode.l10n.t('At most {0} characters: this one has {1}.', MAX_PATH_NAME_LENGTH, name.length);
  }
  if (taken.has(name)) return vscode.l10n.t('"{0}" exists already.', name);
  return undefined;
}

/** Why a class name cannot be used, as a sentence for an input box; undefined when it can. */
export function identifierProblem(name: string): string | undefined {
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && !RESERVED.has(name)) return undefined;
  return vscode.l10n.t('Give a class name, such as ChatRoom.');
}

const RESERVED: ReadonlySet<string> = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false ' +
    'finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof var void while with yield'
  ).split(' '),
);
