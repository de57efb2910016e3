import * as vscode from 'vscode';
import { manifestPlaceAt } from '../../core/language/manifestPlace.ts';
import type { DoFiles } from '../files/doFiles.ts';
import { placeInDocument } from './placeInDocument.ts';

/**
 * Says why a DO name is not renamed: the platform keeps instances under it. Everything else in these files is
 * left to TypeScript.
 */
export class ClassRename implements vscode.RenameProvider {
  readonly #files: DoFiles;

  constructor(files: DoFiles) {
    this.#files = files;
  }

  prepareRename(document: vscode.TextDocument, position: vscode.Position): undefined {
    this.#refuse(document, position);
  }

  provideRenameEdits(document: vscode.TextDocument, position: vscode.Position): undefined {
    this.#refuse(document, position);
  }

  /** @throws Error with the reason when a DO name stands there */
  #refuse(document: vscode.TextDocument, position: vscode.Position): void {
    const name = this.#nameAt(document, position);
    if (name === undefined) return;
    throw new Error(
      vscode.l10n.t(
        'The name "{0}" cannot be changed: the instances and their storage belong to it, and another name is another Durable Object without them. Make a new class under the new name beside this one, move what is stored, and delete the old one when nobody calls it any more.',
        name,
      ),
    );
  }

  #nameAt(document: vscode.TextDocument, position: vscode.Position): string | undefined {
    if (document.languageId !== 'typescript') {
      const place = manifestPlaceAt(document.getText(), document.offsetAt(position));
      return place?.kind === 'name' ? place.name : undefined;
    }
    const place = placeInDocument(this.#files, document, position);
    return place?.kind === 'invokeTarget' && place.name !== '' ? place.name : undefined;
  }
}
