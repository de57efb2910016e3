import * as vscode from 'vscode';

const PREFIX = 'apiKey:';
/** Origins that a person has signed in to; names only, kept to offer them again. */
const ORIGINS = 'origins';
/** Origins that a person signed out of: the command line's sign-in does not count for them any more. */
const SIGNED_OUT = 'signedOutOrigins';

/** API keys in the editor's secret storage, one per origin; shared with, and following, all other windows. */
export class KeyStore implements vscode.Disposable {
  readonly #secrets: vscode.SecretStorage;
  readonly #memento: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<string>();
  readonly #listener: vscode.Disposable;
  /** Fires the origin whose key changed, in this window or another one. */
  readonly onDidChange: vscode.Event<string> = this.#changed.event;

  constructor(context: Pick<vscode.ExtensionContext, 'secrets' | 'globalState'>) {
    this.#secrets = context.secrets;
    this.#memento = context.globalState;
    this.#listener = this.#secrets.onDidChange(({ key }) => {
      if (key.startsWith(PREFIX)) this.#changed.fire(key.slice(PREFIX.length));
    });
  }

  async get(origin: string): Promise<string | undefined> {
    return this.#secrets.get(PREFIX + origin);
  }

  /** Signs in: keeps the key and the origin's name. */
  async set(origin: string, apiKey: string): Promise<void> {
    await this.allow(origin);
    await this.#memento.update(ORIGINS, [...new Set([...this.origins, origin])]);
    await this.#secrets.store(PREFIX + origin, apiKey);
  }

  /** Signs out: forgets the key, and lets no other source of a key count until somebody signs in again. */
  async delete(origin: string): Promise<void> {
    const others = this.#list(SIGNED_OUT).filter((known) => known !== origin);
    await this.#memento.update(SIGNED_OUT, [...others, origin]);
    await this.#secrets.delete(PREFIX + origin);
    this.#changed.fire(origin);
  }

  /** Lets the command line's sign-in count for the origin again. */
  async allow(origin: string): Promise<void> {
    await this.#memento.update(
      SIGNED_OUT,
      this.#list(SIGNED_OUT).filter((known) => known !== origin),
    );
  }

  isSignedOut(origin: string): boolean {
    return this.#list(SIGNED_OUT).includes(origin);
  }

  /** Platforms that were signed in to at some time, for lists to choose from. */
  get origins(): readonly string[] {
    return this.#list(ORIGINS);
  }

  dispose(): void {
    this.#listener.dispose();
    this.#changed.dispose();
  }

  #list(key: string): readonly string[] {
    return this.#memento.get<readonly string[]>(key, []);
  }
}
