import * as vscode from 'vscode';
import { toError } from '../../core/errors.ts';
import type { DoClassDetail } from '../../core/model/app.ts';
import { errorText } from '../errors.ts';
import { DEPLOYED_SCHEME } from './deployedUri.ts';

/** Most sources that are kept for documents that the editor may open again. */
const MAX_KEPT = 50;

/** Read-only documents with the deployed source of a class, by the address that `deployedUri` makes. */
export class DeployedSources implements vscode.TextDocumentContentProvider {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange: vscode.Event<vscode.Uri> = this.#changed.event;
  readonly #texts = new Map<string, string>();
  readonly #fetch: (uri: vscode.Uri) => Promise<DoClassDetail>;

  /** `fetch` gets what is behind an address after the editor was reloaded. */
  constructor(fetch: (uri: vscode.Uri) => Promise<DoClassDetail>) {
    this.#fetch = fetch;
  }

  /** Puts the source behind its address; an open document of it shows it. */
  set(uri: vscode.Uri, detail: DoClassDetail): void {
    const key = uri.toString();
    const isNew = this.#texts.get(key) !== detail.code;
    this.#texts.delete(key);
    this.#texts.set(key, detail.code);
    for (const oldest of this.#texts.keys()) {
      if (this.#texts.size <= MAX_KEPT) break;
      this.#texts.delete(oldest);
    }
    if (isNew) this.#changed.fire(uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const known = this.#texts.get(uri.toString());
    if (known !== undefined) return known;
    try {
      const { code } = await this.#fetch(uri);
      this.#texts.set(uri.toString(), code);
      return code;
    } catch (error) {
      return vscode.l10n.t('// The deployed source cannot be shown. {0}', errorText(toError(error)));
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** Registers the scheme of deployed sources. */
export function registerDeployedSources(sources: DeployedSources): vscode.Disposable {
  return vscode.Disposable.from(
    sources,
    vscode.workspace.registerTextDocumentContentProvider(DEPLOYED_SCHEME, sources),
  );
}
