import * as vscode from 'vscode';
import type { DoError } from '../../core/errors.ts';
import { affects, settings } from '../settings.ts';
import type { AppState } from './appState.ts';
import { untilNextRefresh } from './refreshTiming.ts';
import type { SessionStore } from './sessionStore.ts';

/** After an event of the embedded platform, further ones within this time (ms) share one refresh. */
const EVENT_DELAY = 150;

/**
 * Decides when the platform is asked: only while a view is visible and the window has the focus, by an
 * interval (`untilNextRefresh`), and once when either comes back.
 */
export class RefreshScheduler implements vscode.Disposable {
  readonly #session: SessionStore;
  readonly #state: AppState;
  readonly #visible = new Set<string>();
  readonly #listeners: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #lastAsked = 0;
  #failures = 0;

  constructor(session: SessionStore, state: AppState) {
    this.#session = session;
    this.#state = state;
    this.#listeners = [
      vscode.window.onDidChangeWindowState(() => this.#plan()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affects(event, 'refreshInterval')) this.#plan();
      }),
      session.onDidChange((now) => {
        state.sessionChanged();
        if (now.kind === 'ready') void this.#ask();
      }),
    ];
  }

  /** A view was shown or hidden. The first one shown is what connects the window. */
  setVisible(view: string, visible: boolean): void {
    if (visible) this.#visible.add(view);
    else this.#visible.delete(view);
    if (!visible) {
      this.#plan();
      return;
    }
    void this.#session.look();
    this.#plan();
  }

  /** Something happened on the platform: refresh soon, when anybody looks. */
  soon(): void {
    if (this.#soon !== undefined || this.#session.current.kind !== 'ready') return;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      void this.#ask();
    }, EVENT_DELAY);
  }

  /** Asks now, connecting anew when there is no connection. Never rejects. */
  async now(): Promise<void> {
    // To connect anew asks a platform also while it is left alone because it did not answer.
    const isAway = this.#error()?.outage !== undefined;
    if (this.#session.current.kind === 'ready' && !isAway) await this.#ask();
    else await this.#session.start();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#soon);
    for (const listener of this.#listeners) listener.dispose();
  }

  /** Sets the timer for the next refresh, or none while nobody looks. */
  #plan(): void {
    clearTimeout(this.#timer);
    const interval = settings.refreshIntervalMs();
    if (interval === 0 || this.#visible.size === 0 || !vscode.window.state.focused) return;
    const wait = untilNextRefresh({
      intervalMs: interval,
      lastAt: this.#lastAsked,
      error: this.#error(),
      failures: this.#failures,
    });
    this.#timer = setTimeout(() => void this.#tick(), wait);
  }

  async #tick(): Promise<void> {
    const { kind } = this.#session.current;
    if (kind === 'ready') await this.#ask();
    else if (kind === 'unreachable') await this.#again();
    else this.#asked();
    this.#plan();
  }

  async #ask(): Promise<void> {
    this.#lastAsked = Date.now();
    await this.#state.refresh();
    this.#asked();
    this.#plan();
  }

  async #again(): Promise<void> {
    this.#lastAsked = Date.now();
    await this.#session.reconnect();
    this.#asked();
  }

  #asked(): void {
    this.#lastAsked = Date.now();
    this.#failures = this.#error() === undefined ? 0 : this.#failures + 1;
  }

  /** Why the platform did not answer last time. */
  #error(): DoError | undefined {
    const { current } = this.#session;
    return current.kind === 'unreachable' ? current.error : this.#state.snapshot?.stale;
  }
}
