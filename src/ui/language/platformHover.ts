import * as vscode from 'vscode';
import { envOrigins } from '../../core/language/envKeys.ts';
import type { Place } from '../../core/language/placeAt.ts';
import type { Parts } from '../parts.ts';
import { appClasses, classFacts } from './classFacts.ts';
import { envFacts } from './envFacts.ts';
import { placeInDocument, rangeOf } from './placeInDocument.ts';
import { storageText } from './storageTexts.ts';

/** What the platform makes of a name, beside what TypeScript says of its type. */
export class PlatformHover implements vscode.HoverProvider {
  readonly #parts: Pick<Parts, 'files' | 'state' | 'session'>;

  constructor(parts: Pick<Parts, 'files' | 'state' | 'session'>) {
    this.#parts = parts;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const place = placeInDocument(this.#parts.files, document, position);
    const text = place === undefined ? undefined : await this.#text(place);
    return place === undefined || text === undefined
      ? undefined
      : new vscode.Hover(text, rangeOf(document, place));
  }

  async #text(place: Place): Promise<vscode.MarkdownString | undefined> {
    switch (place.kind) {
      case 'invokeTarget':
        return this.#target(place.name);
      case 'envKey':
        return this.#key(place.key);
      case 'storageMethod': {
        const text = storageText(place.method);
        return text === undefined ? undefined : new vscode.MarkdownString().appendText(text);
      }
      case 'acceptWebSocket':
        return new vscode.MarkdownString().appendText(
          vscode.l10n.t(
            'The instance may leave memory while the socket stays open: keep what belongs to it with serializeAttachment. Every deploy and every change of an environment variable drops all sockets of the app. Browsers need access mode public: they cannot send an Authorization header.',
          ),
        );
    }
  }

  async #target(name: string): Promise<vscode.MarkdownString | undefined> {
    const node = (await appClasses(this.#parts.files, this.#parts.state)).find((each) => each.name === name);
    if (node !== undefined) return classFacts(node);
    if (this.#parts.state.snapshot === undefined || name === '') return undefined;
    return new vscode.MarkdownString().appendText(
      vscode.l10n.t('This app has no Durable Object named "{0}".', name),
    );
  }

  async #key(key: string): Promise<vscode.MarkdownString | undefined> {
    const { snapshot } = this.#parts.state;
    const names = (await appClasses(this.#parts.files, this.#parts.state)).map(({ name }) => name);
    const session = this.#parts.session.current;
    const app = session.kind === 'ready' ? session.app.name : undefined;
    const { envKeys = [], appEnvKeys } = snapshot ?? {};
    const origin = envOrigins(envKeys, appEnvKeys ?? [], names).get(key);
    return envFacts(key, origin, app, appEnvKeys !== undefined);
  }
}
