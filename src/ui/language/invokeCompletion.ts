import * as vscode from 'vscode';
import type { DoFiles } from '../files/doFiles.ts';
import type { AppState } from '../session/appState.ts';
import { appClasses, classFacts, whereItIs } from './classFacts.ts';
import { placeInDocument, rangeOf } from './placeInDocument.ts';

/** The names of the app's classes in `ctx.invokeDO('…')`. */
export class InvokeCompletion implements vscode.CompletionItemProvider {
  static readonly triggers = ["'", '"', '`'];

  readonly #files: DoFiles;
  readonly #state: AppState;

  constructor(files: DoFiles, state: AppState) {
    this.#files = files;
    this.#state = state;
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[] | undefined> {
    const place = placeInDocument(this.#files, document, position);
    if (place?.kind !== 'invokeTarget') return undefined;
    const range = rangeOf(document, place);
    return (await appClasses(this.#files, this.#state)).map((node) => {
      const item = new vscode.CompletionItem(node.name, vscode.CompletionItemKind.Class);
      item.detail = whereItIs(node);
      item.documentation = classFacts(node);
      item.range = range;
      return item;
    });
  }
}
