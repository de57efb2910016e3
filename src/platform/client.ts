import type * as z from 'zod';
import { DoError, ERROR_CODES } from '../core/errors.ts';
import type { AccessMode, App, ClassStatus, DoClass, DoClassDetail, Usage } from '../core/model/app.ts';
import { MAX_REGISTER_BODY_BYTES } from '../core/model/names.ts';
import { answerError, notJson, wrongShape, type AnswerContext } from './answerErrors.ts';
import { checkedKey } from './apiKey.ts';
import { Courier, type CourierOptions } from './courier.ts';
import { NO_ROUTE } from './envelope.ts';
import { normaliseOrigin } from './origin.ts';
import { proxyFor, shownProxy, type ProxySettings } from './proxy.ts';
import * as schemas from './schemas.ts';
import type { AuditEntry, KeyEntry } from './schemas.ts';
import { appSegment, envKeySegment, nameSegment } from './segments.ts';
import type { Answer, Method } from './transport.ts';

export interface PlatformConnection {
  /** Normalised, no trailing slash, no path unless the base has one. */
  readonly origin: string;
  readonly apiKey: string;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds until the answer must be complete, with all repetitions. */
  readonly timeoutMs?: number;
  /** Asks also while the host counts as unreachable (`DoError.outage`): a person wants to know now. */
  readonly insist?: boolean;
}

export interface ClientOptions extends Pick<CourierOptions, 'retry' | 'breaker'> {
  /** Milliseconds for a read; a change gets four times as long. */
  readonly timeoutMs?: number;
  readonly userAgent?: string;
  /** The editor's settings; what they leave open is taken from the environment. */
  readonly proxy?: ProxySettings;
}

export interface RegisterInput {
  readonly name: string;
  readonly code: string;
  readonly accessMode: AccessMode;
}

export interface RegisterResult {
  readonly id: string;
  readonly name: string;
  readonly status: ClassStatus;
  readonly className: string;
}

/** Milliseconds for a request that only reads. */
const READ_TIMEOUT_MS = 30_000;

/** A change is answered when the deploy is done, so it gets longer. */
const CHANGE_TIMEOUT_FACTOR = 4;

/** Most entries of an audit log that one request asks for. */
const AUDIT_LIMIT = 200;

/**
 * One platform as one key sees it. A call that reads is repeated while that may help; one that changes something
 * goes out once. What comes is checked against the platform's contract. Everything that goes wrong is thrown as
 * a DoError with the platform's own code, or one of ERROR_CODES or `ANSWER_LOST`; no message contains the key.
 *
 * An error of a change with `ANSWER_LOST` says that nobody knows whether it was made; with any other code it was
 * not made, or the platform itself said what became of it. An error with `outage` was not sent: the host did not
 * answer several times in a row.
 *
 * It does not order changes: use AppOperations, which queues them.
 */
export class PlatformClient {
  readonly origin: string;
  readonly #courier: Courier;
  readonly #context: Omit<AnswerContext, 'changes'>;
  readonly #timeoutMs: number;

  /** @throws DoError `INVALID_INPUT` for an address or key that cannot be one, `BAD_CONFIG` for such a proxy. */
  constructor(connection: PlatformConnection, options: ClientOptions = {}) {
    const apiKey = checkedKey(connection.apiKey);
    this.origin = normaliseOrigin(connection.origin);
    this.#timeoutMs = options.timeoutMs ?? READ_TIMEOUT_MS;
    const proxy = proxyFor(this.origin, options.proxy, process.env);
    this.#context = { origin: this.origin, apiKey, proxy: shownProxy(proxy) };
    const headers = {
      authorization: `Bearer ${apiKey}`,
      accept: 'application/json',
      'user-agent': options.userAgent ?? 'butterbase-durable-objects',
    };
    const { retry = {}, breaker = {} } = options;
    this.#courier = new Courier(this.origin, headers, { proxy, retry, breaker });
  }

  /** The apps of the account. Also the check of a key: 401 when it is not accepted. */
  async listApps(options: RequestOptions = {}): Promise<App[]> {
    return this.#ask('GET', '/apps', schemas.appList, options);
  }

  /** Makes an app, or finds the account's app of that name. */
  async createApp(name: string, options: RequestOptions = {}): Promise<App> {
    const id = await this.#ask('POST', '/init', schemas.appCreated, options, { body: { name } });
    const app = (await this.listApps(options)).find((candidate) => candidate.id === id);
    if (app !== undefined) return app;
    throw new DoError({
      code: ERROR_CODES.badResponse,
      message: `The app ${name} was made, but ${this.origin} does not list it.`,
      nextStep: 'Look at the list of apps again in a moment.',
    });
  }

  /** The classes of an app, latest made first. */
  async list(appId: string, options: RequestOptions = {}): Promise<DoClass[]> {
    return this.#ask('GET', this.#base(appId), schemas.classList, options);
  }

  /** One class with its source as last submitted. */
  async get(appId: string, name: string, options: RequestOptions = {}): Promise<DoClassDetail> {
    const path = `${this.#base(appId)}/${nameSegment(name, 'read')}`;
    return this.#ask('GET', path, schemas.classDetail, options, { route: `${this.#base(appId)}/:name` });
  }

  /** Registers or updates a class: the platform redeploys the whole app and answers when that is done. */
  async register(appId: string, input: RegisterInput, options: RequestOptions = {}): Promise<RegisterResult> {
    const { name, code, accessMode } = input;
    const body = { name, code, access_mode: accessMode };
    return this.#ask('POST', this.#base(appId), schemas.registered, options, { body });
  }

  /** Deletes a class and, on the platform, all that its instances stored. */
  async delete(appId: string, name: string, options: RequestOptions = {}): Promise<void> {
    const path = `${this.#base(appId)}/${nameSegment(name, 'delete')}`;
    await this.#ask('DELETE', path, schemas.deleted, options);
  }

  /** Totals of the app in this month; the platform ignores the name in this route's path. */
  async usage(appId: string, options: RequestOptions = {}): Promise<Usage> {
    return this.#ask('GET', `${this.#base(appId)}/app/usage`, schemas.usage, options);
  }

  /** Env keys, sorted; values cannot be read. */
  async listEnv(appId: string, options: RequestOptions = {}): Promise<string[]> {
    return this.#ask('GET', `${this.#base(appId)}/env`, schemas.envKeys, options);
  }

  /**
   * Keys of the variables of the whole app, which its Durable Objects get under those of their own. Undefined where
   * the platform has no such route.
   */
  async listAppEnv(appId: string, options: RequestOptions = {}): Promise<string[] | undefined> {
    try {
      return await this.#ask('GET', `/v1/${appSegment(appId)}/env`, schemas.envKeys, options);
    } catch (error) {
      if (error instanceof DoError && error.code === NO_ROUTE) return undefined;
      throw error;
    }
  }

  async setEnv(
    appId: string,
    key: string,
    value: string,
    options: RequestOptions = {},
  ): Promise<{ redeployed: boolean }> {
    const path = `${this.#base(appId)}/env/${envKeySegment(key, 'set')}`;
    return this.#ask('PUT', path, schemas.envChanged, options, { body: { value } });
  }

  async deleteEnv(
    appId: string,
    key: string,
    options: RequestOptions = {},
  ): Promise<{ redeployed: boolean }> {
    const path = `${this.#base(appId)}/env/${envKeySegment(key, 'delete')}`;
    return this.#ask('DELETE', path, schemas.envChanged, options);
  }

  /** The latest changes of the app's Durable Objects, latest first. */
  async auditLogs(appId: string, options: RequestOptions = {}): Promise<AuditEntry[]> {
    const path = `/v1/${appSegment(appId)}/audit-logs?resource_type=durable_object&limit=${AUDIT_LIMIT}`;
    return this.#ask('GET', path, schemas.auditLog, options);
  }

  /** The API keys of the account, by id and name. */
  async listKeys(options: RequestOptions = {}): Promise<KeyEntry[]> {
    return this.#ask('GET', '/api-keys', schemas.keyList, options);
  }

  /** Ends all connections. Reads under way fail as cancelled, changes under way are waited for. */
  async close(): Promise<void> {
    await this.#courier.close();
  }

  #base(appId: string): string {
    return `/v1/${appSegment(appId)}/durable-objects`;
  }

  async #ask<T>(
    method: Method,
    path: string,
    schema: z.ZodType<T>,
    options: RequestOptions,
    more: { readonly body?: unknown; readonly route?: string } = {},
  ): Promise<T> {
    const changes = method !== 'GET';
    const answer = await this.#courier.send({
      method,
      path,
      route: `${method} ${more.route ?? path}`,
      timeoutMs: options.timeoutMs ?? this.#timeoutMs * (changes ? CHANGE_TIMEOUT_FACTOR : 1),
      signal: options.signal,
      insist: options.insist === true,
      ...(more.body === undefined ? {} : { body: requestText(more.body) }),
    });
    const context = { ...this.#context, changes };
    if (answer.status !== 200 && answer.status !== 201) throw answerError(answer, context);
    const result = schema.safeParse(jsonOf(answer, context));
    if (result.success) return result.data;
    throw wrongShape(answer, firstIssue(result.error), context);
  }
}

function jsonOf(answer: Answer, context: AnswerContext): unknown {
  try {
    return JSON.parse(answer.text) as unknown;
  } catch (error) {
    throw notJson(answer, context, error);
  }
}

function requestText(body: unknown): string {
  const text = JSON.stringify(body);
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= MAX_REGISTER_BODY_BYTES) return text;
  throw new DoError({
    code: ERROR_CODES.invalidInput,
    message: `The request would have ${bytes.toLocaleString('en-US')} bytes; the platform takes ${MAX_REGISTER_BODY_BYTES.toLocaleString('en-US')} at most.`,
    nextStep: 'Make the source smaller, for example by moving data out of it.',
  });
}

/** `durable_objects.0.status: Invalid option: …` */
function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'it cannot be read';
  return `${issue.path.length === 0 ? 'the answer' : issue.path.join('.')}: ${issue.message}`;
}
