import { registerHooks } from 'node:module';

/**
 * The little of the `vscode` module that the panels' controllers use, so that they run outside of the editor:
 * texts untranslated, events, trust, commands that are only noted, and inputs that are answered at once.
 */
export interface EditorStub {
  trusted: boolean;
  readonly executed: string[];
  /** What is typed into the next inputs; one without an answer is closed. */
  readonly typed: string[];
}

const SOURCE = `
export const stub = { trusted: true, executed: [], typed: [] };
export class EventEmitter {
  #listeners = new Set();
  event = (listener) => { this.#listeners.add(listener); return { dispose: () => this.#listeners.delete(listener) }; };
  fire(value) { for (const listener of [...this.#listeners]) listener(value); }
}
export class Disposable { dispose() {} }
export const l10n = { t: (text, ...values) => text.replace(/\\{(\\d)\\}/g, (whole, index) => values[index] ?? whole) };
export const env = { language: 'en' };
export const trustGranted = new EventEmitter();
export const workspace = {
  get isTrusted() { return stub.trusted; },
  onDidGrantWorkspaceTrust: trustGranted.event,
  getConfiguration: () => ({ get: (_key, fallback) => fallback }),
};
const log = new Proxy({}, { get: () => () => {} });
export const ProgressLocation = { Notification: 15 };
const never = { isCancellationRequested: false, onCancellationRequested: () => new Disposable() };
const createInputBox = () => {
  const changed = new EventEmitter();
  const accepted = new EventEmitter();
  const hidden = new EventEmitter();
  const input = {
    onDidChangeValue: changed.event,
    onDidAccept: accepted.event,
    onDidHide: hidden.event,
    dispose() {},
    hide: () => hidden.fire(),
    show: () => {
      input.value = stub.typed.shift() ?? '';
      changed.fire(input.value);
      accepted.fire();
      setTimeout(() => hidden.fire());
    },
  };
  return input;
};
export const window = {
  state: { focused: true },
  createOutputChannel: () => log,
  withProgress: (_options, task) => task({ report() {} }, never),
  createInputBox,
};
export const commands = { executeCommand: async (id) => { stub.executed.push(id); } };
`;

const URL = `data:text/javascript,${encodeURIComponent(SOURCE)}`;

/** From now on `import 'vscode'` gives the stub. */
export async function stubEditor(): Promise<EditorStub> {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'vscode' ? { url: URL, shortCircuit: true } : next(specifier, context),
  });
  const module = (await import(URL)) as { stub: EditorStub };
  return module.stub;
}
