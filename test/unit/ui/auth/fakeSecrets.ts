import { setTimeout as delay } from 'node:timers/promises';
import type * as vscode from 'vscode';

interface SecretChange {
  readonly key: string;
}
type Listener = (change: SecretChange) => void;

/** Secret storage of one machine: every window has a copy, and sees another one's write a moment late. */
export class FakeSecrets {
  readonly #windows: FakeWindow[] = [];
  readonly #lagMs: number;
  /** Values in the order in which they were written. */
  readonly written: string[] = [];

  constructor(lagMs = 0) {
    this.#lagMs = lagMs;
  }

  window(): FakeWindow {
    const window = new FakeWindow(this, this.#windows[0]?.values);
    this.#windows.push(window);
    return window;
  }

  write(by: FakeWindow, key: string, value: string | undefined): void {
    if (value !== undefined) this.written.push(value);
    by.take(key, value);
    for (const window of this.#windows) {
      if (window !== by) setTimeout(() => window.take(key, value), this.#lagMs);
    }
  }

  /** Resolves when every window has seen every write. */
  async settled(): Promise<void> {
    await delay(this.#lagMs * 8 + 20);
  }
}

export class FakeWindow {
  readonly values: Map<string, string>;
  readonly #secrets: FakeSecrets;
  readonly #listeners = new Set<Listener>();
  reads = 0;

  constructor(secrets: FakeSecrets, values: ReadonlyMap<string, string> = new Map()) {
    this.#secrets = secrets;
    this.values = new Map(values);
  }

  readonly onDidChange = (listener: Listener): { dispose: () => void } => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  readonly get = (key: string): Promise<string | undefined> => {
    this.reads += 1;
    return Promise.resolve(this.values.get(key));
  };

  readonly store = (key: string, value: string): Promise<void> => {
    this.#secrets.write(this, key, value);
    return Promise.resolve();
  };

  readonly delete = (key: string): Promise<void> => {
    this.#secrets.write(this, key, undefined);
    return Promise.resolve();
  };

  readonly keys = (): Promise<string[]> => Promise.resolve([...this.values.keys()]);

  take(key: string, value: string | undefined): void {
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, value);
    for (const listener of this.#listeners) listener({ key });
  }
}

/** State of a window or of the whole editor. */
export class FakeMemento implements vscode.Memento {
  readonly #values = new Map<string, unknown>();

  readonly get: vscode.Memento['get'] = <T>(key: string, fallback?: T) =>
    (this.#values.get(key) as T | undefined) ?? fallback;

  keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  update(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, value);
    return Promise.resolve();
  }

  setKeysForSync(): void {
    throw new Error('Nothing of an account may be synchronised.');
  }
}
