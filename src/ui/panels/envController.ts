import * as vscode from 'vscode';
import { DoError, ERROR_CODES, isCancelled } from '../../core/errors.ts';
import { envKeyMessage, envKeyWarning, envValueMessage, parseEnvFile } from '../../core/model/envFile.ts';
import { MAX_ENV_VALUE_LENGTH } from '../../core/model/names.ts';
import type { EnvProtocol, EnvToHost, EnvToWebview, EnvView, ReadOnly } from '../../webview/protocol/env.ts';
import { repairNow } from '../commands/losses.ts';
import type { Disposable } from '../disposable.ts';
import { logError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { redact } from '../redact.ts';
import { isOf } from '../session/appState.ts';
import { EnvChanger, type EnvResult, type EnvWish, idOf } from './envChanger.ts';
import { type EnvFacts, envFacts } from './envFacts.ts';
import { importPreview } from './envImport.ts';
import type { EnvReaders } from './envReaders.ts';
import {
  changeResult,
  consequence,
  envStrings,
  importResult,
  importRowResult,
  platformKeys,
  repairResult,
  riskOf,
} from './envStrings.ts';
import { LossQuestions } from './lossQuestions.ts';
import type { PanelController } from './panelHost.ts';
import { act, actionLabel, troubleOf, viewWithoutApp } from './sessionView.ts';

type Sent<T extends EnvToHost['type']> = Extract<EnvToHost, { readonly type: T }>;

/** What the env panel asks the person outside of its page. */
export interface EnvDialogs {
  confirmDelete(key: string, consequence: string): Promise<boolean>;
  /** The text of a file that the person picks; undefined when they pick none. Throws DoError. */
  pickEnvFile(): Promise<{ readonly name: string; readonly text: string } | undefined>;
}

/**
 * Answers the env panel. Values pass through here to the operations and nowhere else: they are in no
 * message to the page, in no error and in no log.
 */
export class EnvController implements PanelController<EnvProtocol> {
  readonly #parts: Pick<Parts, 'session' | 'state' | 'files'>;
  readonly #questions: LossQuestions;
  readonly #changer: EnvChanger;
  readonly #dialogs: EnvDialogs;
  readonly #readers: EnvReaders;
  readonly #post: (message: EnvToWebview) => void;
  readonly #listeners: readonly Disposable[];
  #visible = false;
  #disposed = false;
  /** The import that is running. */
  #importing: AbortController | undefined;
  /** A key that the page should open its form for once it is there. */
  #editLater: string | undefined;
  #pageReady = false;

  readonly handlers: PanelController<EnvProtocol>['handlers'] = {
    ready: () => this.#ready(),
    refresh: () => void this.#refresh(),
    action: ({ action }) => void act(this.#parts.session, action),
    validate: (message) => this.#validate(message),
    set: (message) => void this.#set(message),
    delete: (message) => void this.#delete(message),
    previewImport: ({ seq, text }) =>
      this.#post({ type: 'preview', seq, rows: importPreview(text, this.#facts()) }),
    openFile: () => void this.#openFile(),
    apply: (message) => void this.#apply(message),
    stopApply: () => {
      this.#importing?.abort();
      this.#questions.withdraw(({ place }) => place === 'import');
    },
    answer: (message) => this.#questions.answer(message),
    repair: (message) => void this.#repair(message),
  };

  constructor(
    parts: Pick<Parts, 'session' | 'state' | 'files'>,
    dialogs: EnvDialogs,
    readers: EnvReaders,
    post: (message: EnvToWebview) => void,
  ) {
    this.#parts = parts;
    this.#dialogs = dialogs;
    this.#readers = readers;
    this.#post = (message) => {
      if (!this.#disposed) post(message);
    };
    this.#questions = new LossQuestions((message) => this.#post(message));
    this.#changer = new EnvChanger(parts, this.#questions);
    this.#listeners = [
      readers,
      readers.onDidChange(() => this.#show()),
      // Whoever owns the session has the new app read; this shows what comes of it.
      parts.session.onDidChange(() => this.#follow()),
      parts.state.onDidChange(() => this.#show()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#show()),
    ];
  }

  setVisible(visible: boolean): void {
    if (visible && !this.#visible) void this.#refresh();
    this.#visible = visible;
    this.#readers.watch(visible);
  }

  /** Opens the form for one key. */
  edit(key: string): void {
    if (this.#pageReady) this.#post({ type: 'edit', key });
    else this.#editLater = key;
  }

  dispose(): void {
    this.#disposed = true;
    this.#importing?.abort();
    this.#questions.withdraw();
    for (const listener of this.#listeners) listener.dispose();
  }

  view(): EnvView {
    const session = this.#parts.session.current;
    if (session.kind !== 'ready') return viewWithoutApp(session);
    const snapshot = this.#parts.state.snapshot;
    if (snapshot === undefined || !isOf(snapshot, session)) return { kind: 'loading' };
    const facts = this.#facts();
    const unused = this.#readers.unusedOf(snapshot);
    return {
      kind: 'ready',
      app: { id: idOf(session), name: session.app.name },
      connection: session.connection.label,
      rows: facts.keys.map((key) => ({ key, warning: keyWarning(key, facts), isUnused: unused.has(key) })),
      consequence: consequence(facts.evicts),
      redeploys: facts.evicts.length > 0,
      readOnly: readOnlyReason(),
      risk: vscode.workspace.isTrusted ? riskOf(facts.destroys) : undefined,
      trouble: troubleOf(snapshot.stale),
      platformKeys: platformKeys(),
      maxValueLength: MAX_ENV_VALUE_LENGTH,
    };
  }

  #facts(): EnvFacts {
    return envFacts(this.#parts.state.snapshot);
  }

  #ready(): void {
    this.#pageReady = true;
    // A page that begins anew shows no question, and has lost what it was about.
    this.#questions.withdraw();
    this.#post({ type: 'init', strings: envStrings(), language: vscode.env.language, view: this.view() });
    if (this.#editLater !== undefined) this.#post({ type: 'edit', key: this.#editLater });
    this.#editLater = undefined;
    if (!this.#visible) void this.#refresh();
  }

  /** What was asked about another app than the one that is shown now is not asked any more. */
  #follow(): void {
    const { current } = this.#parts.session;
    const now = current.kind === 'ready' ? idOf(current) : undefined;
    if (current.kind !== 'connecting') this.#questions.withdraw(({ appId }) => appId !== now);
    this.#show();
  }

  #show(): void {
    if (this.#pageReady) this.#post({ type: 'view', view: this.view() });
  }

  async #refresh(): Promise<void> {
    await this.#parts.session.look();
    await this.#parts.state.refresh();
    this.#show();
  }

  #validate({ seq, key, value }: Sent<'validate'>): void {
    const facts = this.#facts();
    this.#post({
      type: 'validated',
      seq,
      keyMessage: envKeyMessage(key, facts.bindings),
      valueMessage: envValueMessage(value),
      warning: envKeyWarning(key),
      replaces: facts.keys.includes(key),
    });
  }

  async #set({ appId, key, value }: Sent<'set'>): Promise<void> {
    try {
      const { evicts } = this.#facts();
      const result = await this.#setOne({ appId, kind: 'setEnv', key, value, place: 'form' });
      const message = changeResult('set', key, result, evicts);
      this.#post({ type: 'changed', change: 'set', key, message });
    } catch (error) {
      this.#refuse('set', key, error);
    }
    // A refused change may have been kept by the platform all the same.
    await this.#parts.state.refresh();
  }

  async #delete({ appId, key }: Sent<'delete'>): Promise<void> {
    try {
      this.#changer.sessionFor(appId);
      const { evicts } = this.#facts();
      if (!(await this.#dialogs.confirmDelete(key, consequence(evicts)))) {
        this.#post({ type: 'kept', change: 'delete', key });
        return;
      }
      const result = await this.#changer.change({ appId, kind: 'deleteEnv', key, place: 'list' });
      const message = changeResult('deleted', key, result, evicts);
      this.#post({ type: 'changed', change: 'deleted', key, message });
    } catch (error) {
      this.#refuse('delete', key, error);
    }
    await this.#parts.state.refresh();
  }

  /** Sets the chosen lines one after another, and stops at the first that fails. */
  async #apply({ appId, text, lines }: Sent<'apply'>): Promise<void> {
    const { signal } = (this.#importing = new AbortController());
    const entries = parseEnvFile(text).entries.filter(({ line }) => lines.includes(line));
    let done = 0;
    let failed: string | undefined;
    for (const { key, value, line } of entries) {
      if (signal.aborted) break;
      this.#post({ type: 'applyRow', line, state: 'running', message: undefined });
      try {
        const { evicts } = this.#facts();
        const result = await this.#setOne({ appId, kind: 'setEnv', key, value, place: 'import' });
        this.#post({ type: 'applyRow', line, state: 'done', message: importRowResult(result, evicts) });
        done += 1;
      } catch (error) {
        if (isCancelled(error)) break;
        logError(error, 'importing an env variable');
        this.#post({ type: 'applyRow', line, state: 'failed', message: sentence(error) });
        failed = key;
        break;
      }
    }
    await this.#parts.state.refresh();
    const message = importResult(done, lines.length - done, failed);
    this.#post({ type: 'applied', failed: failed !== undefined, message });
  }

  /** Refuses what the platform would, before anything is sent. */
  async #setOne(wish: Extract<EnvWish, { kind: 'setEnv' }>): Promise<EnvResult> {
    const wrong = envKeyMessage(wish.key, this.#facts().bindings) ?? envValueMessage(wish.value);
    if (wrong !== undefined) {
      throw new DoError({ code: ERROR_CODES.invalidInput, message: wrong, nextStep: '' });
    }
    return this.#changer.change(wish);
  }

  /** Brings back what any change would destroy, for itself. */
  async #repair({ appId }: Sent<'repair'>): Promise<void> {
    try {
      const session = this.#changer.sessionFor(appId);
      const message = repairResult(await repairNow(this.#parts.files, session));
      this.#post({ type: 'repairOver', failed: false, message });
    } catch (error) {
      if (!isCancelled(error)) logError(error, 'repairing a class from the env panel');
      const message = isCancelled(error) ? undefined : sentence(error);
      this.#post({ type: 'repairOver', failed: true, message });
    }
    await this.#parts.state.refresh();
  }

  async #openFile(): Promise<void> {
    try {
      const file = await this.#dialogs.pickEnvFile();
      if (file === undefined) return;
      const message = vscode.l10n.t('{0} is read. Look at the preview, then set what you want.', file.name);
      this.#post({ type: 'fileText', text: file.text, message });
    } catch (error) {
      logError(error, 'reading a .env file');
      this.#post({ type: 'fileRefused', message: sentence(error), nextStep: '' });
    }
  }

  #refuse(change: 'set' | 'delete', key: string, error: unknown): void {
    if (isCancelled(error)) {
      this.#post({ type: 'kept', change, key });
      return;
    }
    logError(error, change === 'set' ? 'setting an env variable' : 'deleting an env variable');
    this.#post({ type: 'refused', change, key, message: sentence(error), nextStep: '' });
  }
}

/** What a person should know of a key that is set. */
function keyWarning(key: string, facts: EnvFacts): string | undefined {
  if (facts.bindings.includes(key)) {
    return vscode.l10n.t(
      'This is the binding of a class, so every deploy of this app fails. Delete this variable.',
    );
  }
  return envKeyWarning(key);
}

/** Why nothing may be changed, or undefined. */
function readOnlyReason(): ReadOnly | undefined {
  if (vscode.workspace.isTrusted) return undefined;
  return {
    reason: vscode.l10n.t(
      'This workspace is in Restricted Mode: you can see the keys, and change them once you trust the workspace.',
    ),
    action: 'trust',
    label: actionLabel('trust'),
  };
}

function sentence(error: unknown): string {
  if (error instanceof DoError) return redact(`${error.message} ${error.nextStep}`.trim());
  return vscode.l10n.t('Something unexpected went wrong. The log has the details.');
}
