import * as vscode from 'vscode';
import type { DoError } from '../../core/errors.ts';
import type { DoClass, Usage } from '../../core/model/app.ts';

/** What the platform last said about the selected app. */
export interface AppSnapshot {
  readonly appId: string;
  readonly classes: readonly DoClass[];
  readonly envKeys: readonly string[];
  readonly usage: Usage | undefined;
  /** Milliseconds since 1970 of the answer. */
  readonly at: number;
  /** Why a later refresh failed: what is here may have changed since `at`. */
  readonly stale: DoError | undefined;
}

/** The selected app as last seen. */
export class AppState {
  readonly #changed = new vscode.EventEmitter<AppSnapshot | undefined>();
  readonly onDidChange: vscode.Event<AppSnapshot | undefined> = this.#changed.event;

  get snapshot(): AppSnapshot | undefined {
    return undefined;
  }

  /** Reads everything again. Calls while one runs share one more run. Never rejects. */
  refresh(): Promise<void> {
    return Promise.resolve();
  }
}
