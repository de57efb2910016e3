import * as vscode from 'vscode';
import type { UsageProtocol, UsageSample, UsageView } from '../../webview/protocol/usage.ts';
import type { Parts } from '../parts.ts';
import { isOf } from '../session/appState.ts';
import { settings } from '../settings.ts';
import type { PanelController } from './panelHost.ts';
import { act, troubleOf, viewWithoutApp } from './sessionView.ts';
import { freshness, monthName, usageStrings } from './usageStrings.ts';

type UsageParts = Pick<Parts, 'session' | 'state'> & { readonly usageSamples: readonly UsageSample[] };

/** Answers the usage panel: shows what was read last, and reads anew on request and while it is in sight. */
export class UsageController implements PanelController<UsageProtocol> {
  readonly #parts: UsageParts;
  readonly #post: (message: UsageProtocol['toWebview']) => void;
  readonly #listeners: readonly vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;
  #refreshing = false;
  #visible = false;
  #disposed = false;

  readonly handlers: PanelController<UsageProtocol>['handlers'] = {
    ready: () => {
      this.#post({
        type: 'init',
        strings: usageStrings(),
        language: vscode.env.language,
        view: this.view(),
      });
      if (!this.#visible) void this.#refresh();
    },
    refresh: () => void this.#refresh(),
    action: ({ action }) => void act(this.#parts.session, action),
  };

  constructor(parts: UsageParts, post: (message: UsageProtocol['toWebview']) => void) {
    this.#parts = parts;
    this.#post = post;
    this.#listeners = [
      // Whoever owns the session has the new app read; this shows what comes of it.
      parts.session.onDidChange(() => this.#show()),
      parts.state.onDidChange(() => this.#show()),
    ];
  }

  setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    if (visible) void this.#refresh();
    else clearTimeout(this.#timer);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const listener of this.#listeners) listener.dispose();
  }

  view(): UsageView {
    const session = this.#parts.session.current;
    if (session.kind !== 'ready') return viewWithoutApp(session);
    const snapshot = this.#parts.state.snapshot;
    if (snapshot === undefined || !isOf(snapshot, session)) return { kind: 'loading' };
    const samples = this.#parts.usageSamples;
    const now = snapshot.usage === undefined ? samples.at(-1) : { at: snapshot.at, ...snapshot.usage };
    if (now === undefined) {
      return {
        kind: 'unavailable',
        title: vscode.l10n.t('The usage could not be read'),
        detail: vscode.l10n.t('The platform did not say how much the app has used. The log has the reason.'),
        actions: [
          { action: 'retry', label: vscode.l10n.t('Try Again') },
          { action: 'showLog', label: vscode.l10n.t('Show Log') },
        ],
      };
    }
    const unread =
      snapshot.usage === undefined
        ? {
            message: vscode.l10n.t('The usage could not be read; this is the last sample.'),
            nextStep: vscode.l10n.t('Refresh to try again.'),
          }
        : undefined;
    const { app, connection } = session;
    return {
      kind: 'ready',
      app: app.name,
      connection: connection.label,
      month: monthName(now.at),
      now,
      freshness: freshness(connection.kind),
      samples: withNow(samples, now),
      trouble: troubleOf(snapshot.stale) ?? unread,
    };
  }

  #show(): void {
    if (!this.#disposed) this.#post({ type: 'view', view: this.view() });
  }

  /** Reads the app, which also keeps a sample. Never rejects. */
  async #refresh(): Promise<void> {
    if (this.#refreshing || this.#disposed) return;
    this.#refreshing = true;
    this.#post({ type: 'refreshing', on: true });
    try {
      await this.#parts.session.look();
      await this.#parts.state.refresh();
    } finally {
      this.#refreshing = false;
      this.#post({ type: 'refreshing', on: false });
      this.#show();
      this.#plan();
    }
  }

  /** The next reading while the panel is in sight and the window has the focus. */
  #plan(): void {
    clearTimeout(this.#timer);
    const interval = settings.refreshIntervalMs();
    if (interval === 0 || !this.#visible || this.#disposed) return;
    this.#timer = setTimeout(() => {
      if (vscode.window.state.focused) void this.#refresh();
      else this.#plan();
    }, interval);
  }
}

/** The samples up to now: the one just read may not be among them yet. */
function withNow(samples: readonly UsageSample[], now: UsageSample): readonly UsageSample[] {
  const last = samples.at(-1);
  return last === undefined || last.at < now.at ? [...samples, now] : samples;
}
