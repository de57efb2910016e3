import type { Handlers, Protocol } from '../protocol/messages.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The webview's end of the line to its panel host. */
export class Host<P extends Protocol> {
  readonly #api = acquireVsCodeApi();

  send(message: P['toHost']): void {
    this.#api.postMessage(message);
  }

  /** What was kept before a reload; its fields are unknown until looked at, since an older version may have written it. */
  restored(): Partial<Record<keyof P['persisted'], unknown>> {
    const state = this.#api.getState();
    return typeof state === 'object' && state !== null ? state : {};
  }

  keep(state: P['persisted']): void {
    this.#api.setState(state);
  }

  /** Calls the handler of each message of the host. Messages of unknown types are left alone. */
  listen(handlers: Handlers<P['toWebview']>): void {
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      const message = event.data;
      if (typeof message !== 'object' || message === null || !('type' in message)) return;
      const { type } = message;
      if (typeof type !== 'string' || !Object.hasOwn(handlers, type)) return;
      const handler = handlers[type as P['toWebview']['type']] as (message: unknown) => void;
      handler(message);
    });
  }
}
