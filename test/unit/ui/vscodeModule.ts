/** What of the editor's API can be had without an editor. */

export class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  readonly event = (listener: (value: T) => void): { dispose: () => void } => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

export const l10n = {
  t: (message: string, ...values: readonly (string | number)[]): string =>
    message.replaceAll(/\{(\d+)\}/g, (_match, index: string) => String(values[Number(index)])),
};

export const Uri = {
  from: ({ scheme, path, query }: Readonly<Record<'scheme' | 'path' | 'query', string>>) => ({
    toString: () => `${scheme}:${path}?${query}`,
  }),
};

export const env = { language: 'en' };

const channel = { error: ignore, warn: ignore, info: ignore, debug: ignore, show: ignore };

const windowState = { focused: true };
const windowChanged = new EventEmitter<typeof windowState>();
const configuration = new Map<string, unknown>();
const configurationChanged = new EventEmitter<{ affectsConfiguration: (section: string) => boolean }>();

export const window = {
  createOutputChannel: () => channel,
  state: windowState,
  onDidChangeWindowState: windowChanged.event,
};

export const workspace = {
  getConfiguration: (section: string) => ({
    get: (key: string, fallback: unknown) => configuration.get(`${section}.${key}`) ?? fallback,
  }),
  onDidChangeConfiguration: configurationChanged.event,
};

/** The person goes to another window, or comes back. */
export function setFocused(focused: boolean): void {
  windowState.focused = focused;
  windowChanged.fire(windowState);
}

/** The person changes a setting; undefined takes it back. */
export function setSetting(name: string, value: unknown): void {
  configuration.set(name, value);
  configurationChanged.fire({ affectsConfiguration: (section) => section === name });
}

function ignore(): void {
  // The log is for people.
}
