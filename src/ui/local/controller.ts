import * as vscode from 'vscode';
import type { DoError } from '../../core/errors.ts';

/** An app of the embedded platform. */
export interface LocalApp {
  readonly id: string;
  readonly name: string;
  /** Where its instances live, no trailing slash. Empty until its first class is deployed. */
  readonly origin: string;
}

/** The embedded platform as this window sees it. A new value per transition. */
export type LocalState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'running';
      readonly url: string;
      readonly apiKey: string;
      readonly apps: readonly LocalApp[];
    }
  | { readonly kind: 'failed'; readonly error: DoError };

/** Starts, attaches to, watches and stops the embedded platform. */
export class LocalPlatformController {
  readonly #changed = new vscode.EventEmitter<LocalState>();
  readonly onDidChange: vscode.Event<LocalState> = this.#changed.event;

  get current(): LocalState {
    return { kind: 'stopped' };
  }
}
