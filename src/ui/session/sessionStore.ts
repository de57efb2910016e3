import * as vscode from 'vscode';
import type { App } from '../../core/model/app.ts';
import type { Connection, ReadySession, Session } from './session.ts';

/** Owns the session. */
export class SessionStore {
  readonly #changed = new vscode.EventEmitter<Session>();
  readonly onDidChange: vscode.Event<Session> = this.#changed.event;

  get current(): Session {
    return { kind: 'noFolder' };
  }

  /**
   * The session with an app, for a command that needs one: starts the embedded platform, asks to sign in
   * and to pick an app as needed. Throws DoError; `CANCELLED` when the person gave up.
   */
  ready(): Promise<ReadySession> {
    throw new Error('not connected');
  }

  /** Connects without asking anything: somebody looks at a view or a file. Never rejects. */
  look(): Promise<void> {
    return Promise.resolve();
  }

  /** Connects anew with the chosen connection. Never rejects. */
  reconnect(): Promise<void> {
    return Promise.resolve();
  }

  useConnection(connection: Connection): Promise<void> {
    void connection;
    return Promise.resolve();
  }

  useApp(app: App): Promise<void> {
    void app;
    return Promise.resolve();
  }
}
