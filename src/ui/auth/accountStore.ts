import * as vscode from 'vscode';
import { readAccounts, type Account } from './account.ts';

/** What happened to the accounts, in this window or another one. */
export interface AccountChange {
  readonly added: readonly Account[];
  readonly removed: readonly Account[];
}

type Write =
  | { readonly kind: 'add'; readonly account: Account; readonly at: number }
  | { readonly kind: 'remove'; readonly account: Account; readonly at: number };

/** The one secret that holds all accounts: secret storage has no list of its keys. */
const SECRET = 'accounts';

/** Milliseconds within which a write of another window may have begun before it saw ours. */
const SETTLING_MS = 10_000;

/**
 * The accounts, in the editor's secret storage only; shared with all other windows, and following them.
 *
 * All windows write one value, and a window sees another one's write a moment late, so one can undo the other's.
 * Each window therefore looks at every change whether what it wrote itself within the last seconds is still in it,
 * and writes that again if not. Nothing is read before somebody asks.
 */
export class AccountStore implements vscode.Disposable {
  readonly #secrets: vscode.SecretStorage;
  readonly #changed = new vscode.EventEmitter<AccountChange>();
  readonly #listener: vscode.Disposable;
  readonly onDidChange: vscode.Event<AccountChange> = this.#changed.event;
  #writes: readonly Write[] = [];
  #known: readonly Account[] | undefined;
  /** Ends when all that was begun is done. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
    this.#listener = secrets.onDidChange(({ key }) => {
      if (key === SECRET) void this.#inOrder(() => this.#settle());
    });
  }

  /** Oldest first. */
  async list(): Promise<readonly Account[]> {
    return this.#inOrder(async () => {
      const accounts = this.#withOwn(await this.#stored());
      this.#known ??= accounts;
      return accounts;
    });
  }

  /** Keeps an account. One with the same token at the same platform is replaced, and its id stays. */
  async add(account: Account): Promise<Account> {
    return this.#inOrder(async () => {
      const before = this.#withOwn(await this.#stored());
      const same = before.find(({ origin, token }) => origin === account.origin && token === account.token);
      const kept = same === undefined ? account : { ...account, id: same.id, made: same.made };
      await this.#write({ kind: 'add', account: kept, at: Date.now() }, before);
      return kept;
    });
  }

  /** Forgets an account; does nothing for one that is gone. */
  async remove(account: Account): Promise<void> {
    return this.#inOrder(async () => {
      const before = this.#withOwn(await this.#stored());
      await this.#write({ kind: 'remove', account, at: Date.now() }, before);
    });
  }

  dispose(): void {
    this.#listener.dispose();
    this.#changed.dispose();
  }

  async #write(write: Write, before: readonly Account[]): Promise<void> {
    this.#known ??= before;
    this.#writes = [...this.#recent().filter(({ account }) => account.id !== write.account.id), write];
    const after = this.#withOwn(before);
    await this.#secrets.store(SECRET, JSON.stringify(after));
    this.#tell(after);
  }

  /** After a change: puts back what another window's write has undone, and tells what is different now. */
  async #settle(): Promise<void> {
    const stored = await this.#stored();
    const wanted = this.#withOwn(stored);
    if (JSON.stringify(wanted) !== JSON.stringify(stored)) {
      await this.#secrets.store(SECRET, JSON.stringify(wanted));
    }
    this.#tell(wanted);
  }

  #tell(accounts: readonly Account[]): void {
    const before = this.#known ?? [];
    this.#known = accounts;
    const missing = (from: readonly Account[], others: readonly Account[]): readonly Account[] =>
      from.filter(({ id, token }) => !others.some((other) => other.id === id && other.token === token));
    const change = { added: missing(accounts, before), removed: missing(before, accounts) };
    if (change.added.length + change.removed.length > 0) this.#changed.fire(change);
  }

  #withOwn(stored: readonly Account[]): readonly Account[] {
    return this.#recent().reduce((accounts, write) => {
      if (write.kind === 'remove') return accounts.filter(({ id }) => id !== write.account.id);
      const has = accounts.some(({ id }) => id === write.account.id);
      return has
        ? accounts.map((account) => (account.id === write.account.id ? write.account : account))
        : [...accounts, write.account];
    }, stored);
  }

  #recent(): readonly Write[] {
    return this.#writes.filter(({ at }) => Date.now() - at < SETTLING_MS);
  }

  async #stored(): Promise<readonly Account[]> {
    return readAccounts(await this.#secrets.get(SECRET));
  }

  #inOrder<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(task);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}
