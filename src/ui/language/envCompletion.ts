import * as vscode from 'vscode';
import { declaredKeys, envOrigins, INTERNAL_KEYS } from '../../core/language/envKeys.ts';
import type { Parts } from '../parts.ts';
import { appClasses } from './classFacts.ts';
import { envFacts, originText } from './envFacts.ts';
import { placeInDocument, rangeOf } from './placeInDocument.ts';

/**
 * The keys that a class finds in `env`, with where each comes from. Keys that are declared beside the file are
 * TypeScript's to complete, so that no key comes twice; the keys of the platform's own calls are left out.
 */
export class EnvCompletion implements vscode.CompletionItemProvider {
  static readonly triggers = ['.', "'", '"'];

  readonly #parts: Pick<Parts, 'files' | 'state' | 'session'>;

  constructor(parts: Pick<Parts, 'files' | 'state' | 'session'>) {
    this.#parts = parts;
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[] | undefined> {
    const place = placeInDocument(this.#parts.files, document, position);
    if (place?.kind !== 'envKey') return undefined;
    const { snapshot } = this.#parts.state;
    const names = (await appClasses(this.#parts.files, this.#parts.state)).map(({ name }) => name);
    const declared = await declaredBeside(document.uri);
    const session = this.#parts.session.current;
    const app = session.kind === 'ready' ? session.app.name : undefined;
    const range = rangeOf(document, place);
    return [...envOrigins(snapshot?.envKeys ?? [], snapshot?.appEnvKeys ?? [], names)]
      .filter(([key]) => !declared.has(key) && !INTERNAL_KEYS.has(key))
      .map(([key, origin]) => {
        const item = new vscode.CompletionItem(
          { label: key, description: originText(origin, app) },
          origin.kind === 'binding' ? vscode.CompletionItemKind.Class : vscode.CompletionItemKind.Constant,
        );
        item.documentation = envFacts(key, origin, app, true) ?? '';
        item.sortText = `${ORDER[origin.kind]}${key}`;
        item.range = range;
        return item;
      });
  }
}

const ORDER = { set: '0', app: '0', binding: '1', platform: '2' } as const;

async function declaredBeside(uri: vscode.Uri): Promise<ReadonlySet<string>> {
  const declarations = vscode.Uri.joinPath(uri, '..', 'env.d.ts');
  const open = vscode.workspace.textDocuments.find((each) => each.uri.toString() === declarations.toString());
  if (open !== undefined) return declaredKeys(open.getText());
  try {
    return declaredKeys(new TextDecoder().decode(await vscode.workspace.fs.readFile(declarations)));
  } catch {
    // Without the file nothing is declared.
    return new Set();
  }
}
