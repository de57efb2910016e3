import { DoError } from '../core/errors.ts';
import { answerError, notJson, type AnswerContext } from './answerErrors.ts';
import { Courier } from './courier.ts';
import { normaliseOrigin } from './origin.ts';
import { proxyFor, shownProxy, type ProxySettings } from './proxy.ts';
import { redact } from './redact.ts';
import type { Answer } from './transport.ts';

export interface OAuthCall {
  readonly method: 'GET' | 'POST';
  /** Behind the base address, with its leading slash. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** What must not show up in an error: the code, the verifier. */
  readonly secrets?: readonly string[];
}

/** Milliseconds that each step of a sign-in may take. */
const TIMEOUT_MS = 20_000;

/** The requests of a sign-in to one platform: without a key, and following no redirect. */
export class OAuthHttp {
  readonly origin: string;
  readonly #courier: Courier;
  readonly #context: AnswerContext;

  /** @throws DoError `INVALID_INPUT` for an address that cannot be one, `BAD_CONFIG` for such a proxy */
  constructor(address: string, proxySettings: ProxySettings = {}) {
    this.origin = normaliseOrigin(address);
    const proxy = proxyFor(this.origin, proxySettings, process.env);
    this.#context = { origin: this.origin, apiKey: '', proxy: shownProxy(proxy), changes: false };
    const headers = { accept: 'application/json', 'user-agent': 'butterbase-durable-objects' };
    this.#courier = new Courier(this.origin, headers, { proxy });
  }

  /**
   * The answer's JSON.
   * @throws DoError for any status but 200 and 201, for what is no JSON, and when there is no complete answer
   */
  async ask(call: OAuthCall, signal: AbortSignal): Promise<unknown> {
    const answer = await this.#courier.send({
      method: call.method,
      path: call.path,
      route: `${call.method} ${call.path}`,
      timeoutMs: TIMEOUT_MS,
      signal,
      insist: true,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    const json = parse(answer.text);
    if (answer.status !== 200 && answer.status !== 201) throw this.#refusal(call, answer, json);
    if (json === undefined) throw notJson(answer, this.#context);
    return json;
  }

  async close(): Promise<void> {
    await this.#courier.close();
  }

  /** OAuth has an error body of its own; a proxy or another program has not. */
  #refusal(call: OAuthCall, answer: Answer, json: Readonly<Record<string, unknown>> | undefined): DoError {
    const { error, error_description: description } = json ?? {};
    if (answer.status < 400 || typeof error !== 'string' || !/^\w{1,64}$/.test(error)) {
      return answerError(answer, this.#context);
    }
    const said = typeof description === 'string' ? description.slice(0, 300) : error;
    const hidden = (call.secrets ?? []).reduce((text, secret) => redact(text, secret), redact(said, ''));
    return new DoError({
      code: error,
      message: `${this.origin} refused the sign-in: ${hidden}${/[.!?]$/.test(hidden) ? '' : '.'}`,
      nextStep: NEXT_STEPS[error] ?? 'Start to sign in again, or sign in with an API key.',
      status: answer.status,
    });
  }
}

const NEXT_STEPS: Readonly<Record<string, string>> = {
  too_many_requests: 'Wait an hour, or sign in with an API key.',
  invalid_client_metadata: 'Sign in with an API key.',
  invalid_redirect_uri: 'Sign in with an API key.',
};

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json = JSON.parse(text) as unknown;
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
