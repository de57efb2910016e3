import * as vscode from 'vscode';
import { manifestNameOf, manifestPlaceAt } from '../../core/language/manifestPlace.ts';
import { findExportedClass } from '../codelens/classPosition.ts';
import { deployedUri } from '../content/deployedUri.ts';
import { manifestUri } from '../files/manifestStore.ts';
import type { Parts } from '../parts.ts';
import { placeInDocument, rangeOf } from './placeInDocument.ts';

/**
 * Leads from the name in `invokeDO('…')` and from the manifest to the class, and from `invokeDO('…')` to the
 * name in the manifest, which is its declaration.
 */
export class ClassDefinition implements vscode.DefinitionProvider, vscode.DeclarationProvider {
  readonly #parts: Pick<Parts, 'files' | 'state' | 'session'>;

  constructor(parts: Pick<Parts, 'files' | 'state' | 'session'>) {
    this.#parts = parts;
  }

  async provideDefinition(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.LocationLink[] | undefined> {
    const found = this.#nameAt(document, position);
    if (found === undefined) return undefined;
    await this.#parts.files.all();
    const target = await this.#classOf(found.name);
    return target && [{ ...target, originSelectionRange: found.range }];
  }

  async provideDeclaration(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.LocationLink[] | undefined> {
    const place = placeInDocument(this.#parts.files, document, position);
    const file = place?.kind === 'invokeTarget' ? this.#parts.files.byName(place.name) : undefined;
    if (place === undefined || file?.inManifest !== true) return undefined;
    const manifest = await vscode.workspace.openTextDocument(manifestUri(file.folder));
    const name = manifestNameOf(manifest.getText(), file.name);
    if (name === undefined) return undefined;
    const targetRange = rangeOf(manifest, name);
    return [{ targetUri: manifest.uri, targetRange, originSelectionRange: rangeOf(document, place) }];
  }

  #nameAt(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): { readonly name: string; readonly range: vscode.Range } | undefined {
    if (document.languageId !== 'typescript') {
      const place = manifestPlaceAt(document.getText(), document.offsetAt(position));
      return place && { name: place.name, range: rangeOf(document, place) };
    }
    const place = placeInDocument(this.#parts.files, document, position);
    return place?.kind === 'invokeTarget' ? { name: place.name, range: rangeOf(document, place) } : undefined;
  }

  /** The class in its file; of a class without a file, what is deployed. */
  async #classOf(name: string): Promise<vscode.LocationLink | undefined> {
    const file = this.#parts.files.byName(name);
    const start = new vscode.Range(0, 0, 0, 0);
    if (file !== undefined) {
      const document = await vscode.workspace.openTextDocument(file.uri);
      const found = findExportedClass(document.getText());
      const targetRange =
        found === undefined ? start : rangeOf(document, { start: found.nameStart, end: found.nameEnd });
      return { targetUri: file.uri, targetRange };
    }
    const session = this.#parts.session.current;
    const isDeployed = this.#parts.state.snapshot?.classes.some((row) => row.name === name) ?? false;
    return session.kind === 'ready' && isDeployed
      ? { targetUri: deployedUri(session.app, name), targetRange: start }
      : undefined;
  }
}
