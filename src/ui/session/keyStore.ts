import * as vscode from 'vscode';
import type { Account } from '../auth/account.ts';
import { AccountStore } from '../auth/accountStore.ts';

/** Origins that a person has signed in to; names only, kept to offer them again. */
const ORIGINS = 'origins';
/** Origins that a person signed out of: the command line's sign-in does not count for them any more. */
const SIGNED_OUT = 'signedOutOrigins';
/** Instead of an account's id: this workspace uses none, although there may be some. */
const NOBODY = 'nobody';

/** Which account, and so which key, this workspace uses for each platform. */
export class KeyStore implements vscode.Disposable {
  readonly accounts: AccountStore;
  readonly #everywhere: vscode.Memento;
  readonly #here: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<string>();
  readonly #listener: vscode.Disposable;
  /** Fires the origin whose key may be another one now, in this window or another one. */
  readonly onDidChange: vscode.Event<string> = this.#changed.event;

  constructor(context: Pick<vscode.ExtensionContext, 'secrets' | 'globalState' | 'workspaceState'>) {
    this.accounts = new AccountStore(context.secrets);
    this.#everywhere = context.globalState;
    this.#here = context.workspaceState;
    this.#listener = this.accounts.onDidChange(({ added, removed }) => {
      for (const origin of new Set([...added, ...removed].map((account) => account.origin))) {
        this.#changed.fire(origin);
      }
    });
  }

  /** The key of the account that this workspace uses there; for that origin only. */
  async get(origin: string): Promise<string | undefined> {
    return (await this.accountOf(origin))?.token;
  }

  /**
   * The account that this workspace uses there. Without a choice the latest one, which is the choice from then on:
   * a sign-in in another window does not change it. When the chosen one is gone, only one that is alone takes its
   * place; among several a person has to say which.
   */
  async accountOf(origin: string): Promise<Account | undefined> {
    const accounts = await this.accountsOf(origin);
    const choice = this.#here.get<string>(choiceKey(origin));
    const chosen = accounts.find(({ id }) => id === choice);
    if (chosen !== undefined || choice === NOBODY) return chosen;
    if (choice !== undefined && accounts.length > 1) return undefined;
    const latest = accounts.at(-1);
    if (latest !== undefined) await this.#here.update(choiceKey(origin), latest.id);
    return latest;
  }

  /** Oldest first. */
  async accountsOf(origin: string): Promise<readonly Account[]> {
    return (await this.accounts.list()).filter((account) => account.origin === origin);
  }

  /** Uses an account in this workspace from now on. */
  async use({ id, origin }: Account): Promise<void> {
    await this.#allow(origin);
    await this.#everywhere.update(ORIGINS, [...new Set([...this.origins, origin])]);
    await this.#here.update(choiceKey(origin), id);
    this.#changed.fire(origin);
  }

  /** Uses the command line's sign-in in this workspace instead of an account. */
  async useCommandLine(origin: string): Promise<void> {
    await this.#allow(origin);
    await this.#here.update(choiceKey(origin), NOBODY);
    this.#changed.fire(origin);
  }

  /** Signs this workspace out there: no other account and no other source of a key takes over by itself. */
  async leave(origin: string): Promise<void> {
    const others = this.#list(SIGNED_OUT).filter((known) => known !== origin);
    await this.#everywhere.update(SIGNED_OUT, [...others, origin]);
    const remaining = await this.accountsOf(origin);
    await this.#here.update(choiceKey(origin), remaining.length === 0 ? undefined : NOBODY);
    this.#changed.fire(origin);
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
    this.accounts.dispose();
    this.#changed.dispose();
  }

  /** Lets the command line's sign-in count for the origin again. */
  async #allow(origin: string): Promise<void> {
    await this.#everywhere.update(
      SIGNED_OUT,
      this.#list(SIGNED_OUT).filter((known) => known !== origin),
    );
  }

  #list(key: string): readonly string[] {
    return this.#everywhere.get<readonly string[]>(key, []);
  }
}

function choiceKey(origin: string): string {
  return `account ${origin}`;
}
