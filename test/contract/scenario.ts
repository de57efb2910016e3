import { createHash } from 'node:crypto';
import type { AccessMode, ClassStatus } from '../../src/core/model/app.ts';
import type { HostFailure } from '../../src/local/service/scriptHost.ts';
import type { ProvisioningStatus } from '../../src/local/store/appTable.ts';
import { SEEDED_AT, type Embedded } from './embedded.ts';
import { fullBody, type CloudflareCall, type Transcript } from './transcripts.ts';

/** What has to be so before the request of a transcript, where the recording itself does not say it. */
export interface Given {
  readonly classes?: readonly { readonly name: string; readonly className: string }[];
  /** Tag and classes of the last deploy, when no Cloudflare call tells them. */
  readonly deployed?: boolean;
  readonly env?: readonly string[];
  readonly provisioning?: ProvisioningStatus;
  readonly region?: string;
  readonly account?: 'soft_locked';
  /** Why the app is paused. */
  readonly paused?: string;
  /** The app belongs to somebody else than the caller. */
  readonly foreign?: true;
  readonly key?: 'revoked' | 'expired';
  /** How many audit events there are besides those in the answer. */
  readonly olderEvents?: { readonly count: number; readonly eventType: string };
}

/** One transcript with names of its own, so that all of them can be replayed on one platform. */
export class Scenario {
  readonly transcript: Transcript;
  readonly appId: string;
  readonly given: Given;
  readonly #ownerId: string;
  readonly #replacements: readonly (readonly [string, string])[];
  readonly #keys = new Map<string, string>();
  readonly #idEnd: string;

  constructor(transcript: Transcript, index: number, given: Given) {
    this.#idEnd = index.toString(16).padStart(4, '0');
    const unique = index.toString(36).padStart(4, '0');
    this.transcript = transcript;
    this.given = given;
    this.appId = `app_first000${unique}`;
    this.#ownerId = `owner-${unique}`;
    this.#replacements = [
      ['app_wz5kna6c0e7d', this.appId],
      ['app_00rjccpgrqqo', `app_second00${unique}`],
      ['app_akpf9xkwa55l', `app_other000${unique}`],
      ['h3-second', `secnd${unique}`],
      ['h3-demo', `dem${unique}`],
      ['bob-app', `bob${unique}`],
    ];
  }

  /** Writes the rows that the recording started from. */
  seed(embedded: Embedded): void {
    this.#seedApps(embedded);
    const appId = this.requestedApp;
    if (appId === undefined) return;
    this.#seedFromCloudflare(embedded, appId);
    this.#seedFromAnswer(embedded, appId);
    for (const item of this.given.classes ?? []) this.#addClass(embedded, appId, item);
    this.#seedFromRowsLeft(embedded, appId);
    if (this.given.deployed === true) {
      const names = (this.given.classes ?? []).map((item) => item.className);
      embedded.setDeployed(appId, names, 'v-1');
    }
    for (const key of this.given.env ?? []) embedded.store.env.set(appId, key, 'x', 'now');
  }

  /** Ids of the class rows that were there before the request. */
  readonly seededIds = new Set<string>();

  /** The app in the request's path, among those that there are. */
  get requestedApp(): string | undefined {
    const path = this.rename(this.transcript.request.path);
    return this.#replacements.map(([, id]) => id).find((id) => id.startsWith('app_') && path.includes(id));
  }

  get headers(): Record<string, string> {
    const entries = Object.entries(this.transcript.request.headers ?? {});
    return Object.fromEntries(entries.map(([name, value]) => [name, this.#withKeys(value)]));
  }

  get body(): string | undefined {
    const body = fullBody(this.transcript.request.body);
    return body === undefined ? undefined : this.rename(body);
  }

  /** The recording's text with the names that its app, its apps' subdomains and its rows have here. */
  rename(text: string): string {
    const renamed = this.#replacements.reduce((before, [from, to]) => before.replaceAll(from, to), text);
    return renamed.replace(UUID, (id) => id.slice(0, -4) + this.#idEnd);
  }

  #seedApps(embedded: Embedded): void {
    const { region, provisioning, foreign, paused } = this.given;
    const listed = (this.transcript.response.body as { apps?: ListedApp[] }).apps;
    const apps =
      listed?.map((app) => ({ id: app.id, name: app.name, createdAt: app.created_at })) ??
      ['app_wz5kna6c0e7d', 'app_00rjccpgrqqo', 'app_akpf9xkwa55l'].map((id) => ({
        id,
        name: { app_wz5kna6c0e7d: 'h3-demo', app_00rjccpgrqqo: 'h3-second' }[id] ?? 'bob-app',
        createdAt: configDate(this.transcript, 'created_at'),
      }));
    for (const app of apps) {
      embedded.addApp({
        id: this.rename(app.id),
        name: this.rename(app.name),
        ownerId: foreign === true ? 'somebody-else' : this.#ownerId,
        createdAt: app.createdAt,
        updatedAt: configDate(this.transcript, 'updated_at'),
        ...(region === undefined ? {} : { region }),
        ...(paused === undefined ? {} : { pausedAt: SEEDED_AT, pausedReason: paused }),
        ...(provisioning === undefined
          ? {}
          : { provisioningStatus: provisioning, dbProvisioned: provisioning !== 'provisioning' }),
      });
    }
    for (const match of JSON.stringify(this.transcript.request.headers ?? {}).matchAll(
      /bb_sk_[0-9a-f]{6}…/g,
    )) {
      this.#addKey(embedded, match[0]);
    }
  }

  #addKey(embedded: Embedded, recorded: string): void {
    const digits = createHash('sha256').update(`${this.#ownerId} ${recorded}`).digest('hex').slice(0, 40);
    const key = `bb_sk_${digits}`;
    this.#keys.set(recorded, key);
    if (recorded === 'bb_sk_000000…') return;
    const row = embedded.store.keys.insert(
      key,
      {
        ownerId: this.#ownerId,
        name: 'recorded',
        scopes: ['*'],
        scope: 'app',
        expiresAt: this.given.key === 'expired' ? '2026-01-01T00:00:00.000Z' : null,
      },
      '2026-01-01T00:00:00.000Z',
    );
    if (this.given.key === 'revoked')
      embedded.store.keys.revoke(row.id, this.#ownerId, '2026-01-02T00:00:00.000Z');
  }

  /** The upload names all active classes; what it does not create was there before. */
  #seedFromCloudflare(embedded: Embedded, appId: string): void {
    const { cloudflare_calls: calls = [], request } = this.transcript;
    embedded.failures.set(appId, calls.map(failureOf));
    const put = calls.find((call) => call.method === 'PUT');
    const upload = put?.metadata;
    if (upload === undefined) {
      if (calls.some((call) => call.method === 'DELETE')) this.#seedLastClass(embedded, appId);
      return;
    }
    const { new_classes: created, deleted_classes: deleted, old_tag: tag = '' } = upload.migrations;
    const bound = upload.bindings.flatMap(({ name, class_name: className }) =>
      className === undefined ? [] : [{ name: name.toLowerCase().replaceAll('_', '-'), className }],
    );
    const registered =
      request.method === 'POST' ? (JSON.parse(this.body ?? '{}') as { name: string }).name : undefined;
    for (const item of bound) {
      // Over the rows there is the one that is registered, when it is new.
      const isNew = item.name === registered && (created.includes(item.className) || put?.status === 400);
      if (!isNew) this.#addClass(embedded, appId, item);
    }
    const removed = request.method === 'DELETE' ? deleted : [];
    for (const className of removed) {
      this.#addClass(embedded, appId, { name: request.path.split('/').at(-1) ?? '', className });
    }
    const lookedUp = calls.some((call) => call.method === 'GET');
    if (lookedUp) return;
    const before = bound.map((item) => item.className).filter((name) => !created.includes(name));
    embedded.setDeployed(appId, [...new Set([...before, ...deleted])], tag);
    const own = upload.bindings.filter(({ type, name }) => type === 'plain_text' && !isInjected(name));
    for (const { name } of own) {
      if (request.method !== 'PUT' || !request.path.endsWith(`/${name}`)) {
        embedded.store.env.set(appId, name, 'x', 'now');
      }
    }
  }

  #seedLastClass(embedded: Embedded, appId: string): void {
    const name = this.transcript.request.path.split('/').at(-1) ?? '';
    this.#addClass(embedded, appId, { name, className: 'Last' });
    embedded.setDeployed(appId, ['Last'], 'v-1');
  }

  #seedFromAnswer(embedded: Embedded, appId: string): void {
    const body = this.transcript.response.body as AnswerBody;
    if (this.transcript.response.status !== 200) return;
    const rows = body.durable_objects ?? (body.code === undefined ? [] : [body as ListedClass]);
    rows.forEach((row, index) => {
      this.seededIds.add(this.rename(row.id));
      embedded.addClass(appId, {
        id: this.rename(row.id),
        name: row.name,
        className: row.class_name,
        status: row.status as ClassStatus,
        accessMode: row.access_mode as AccessMode,
        errorMessage: row.error_message === null ? null : this.rename(row.error_message),
        lastDeployedAt: row.last_deployed_at,
        createdAt: row.created_at ?? new Date(Date.UTC(2026, 9, 1) - index * 1000).toISOString(),
        ...(row.updated_at === undefined ? {} : { updatedAt: row.updated_at }),
        ...(row.code === undefined ? {} : { code: row.code }),
      });
    });
    if (this.transcript.request.method === 'GET') {
      for (const key of body.keys ?? []) embedded.store.env.set(appId, key, 'x', 'now');
    }
    for (const event of body.logs ?? []) {
      embedded.store.audit.add(
        {
          appId,
          category: 'admin',
          eventType: event.event_type,
          action: event.action,
          resourceType: event.resource_type,
          resourceId: event.resource_id,
          actorType: 'api_key',
          actorId: event.actor_id,
          eventData: event.event_data,
          ipAddress: event.ip_address,
          userAgent: event.user_agent,
        },
        event.created_at,
      );
    }
    this.#addOlderEvents(embedded, appId);
    if (body.do_requests !== undefined && body.do_cpu_ms !== undefined) {
      const month = new Date().toISOString().slice(0, 7);
      embedded.store.usage.add(appId, month, { requests: body.do_requests, cpuMs: body.do_cpu_ms });
    }
  }

  /** What a request leaves that made no call to Cloudflare was there before, apart from the key it sets. */
  #seedFromRowsLeft(embedded: Embedded, appId: string): void {
    const { cloudflare_calls: calls, db_after: rows, request } = this.transcript;
    if (rows === undefined) return;
    for (const key of rows.app_do_env_vars) {
      const own = request.method === 'PUT' && request.path.endsWith(`/${key}`);
      if (!own) embedded.store.env.set(appId, key, 'x', 'now');
    }
    if (calls !== undefined) return;
    for (const row of rows.app_durable_objects) {
      if (embedded.store.classes.find(appId, row.name) !== undefined) continue;
      embedded.addClass(appId, {
        id: crypto.randomUUID(),
        name: row.name,
        className: row.class_name,
        status: row.status as ClassStatus,
        accessMode: row.access_mode as AccessMode,
        errorMessage: row.error_message === null ? null : this.rename(row.error_message),
        lastDeployedAt: row.last_deployed_at,
      });
    }
    const state = rows.app_do_deploy_state;
    if (state !== null) embedded.setDeployed(appId, state.deployed_class_names, state.migration_tag);
  }

  #addOlderEvents(embedded: Embedded, appId: string): void {
    const { count = 0, eventType = '' } = this.given.olderEvents ?? {};
    for (let made = 0; made < count; made++) {
      embedded.store.audit.add(
        {
          appId,
          category: 'admin',
          eventType,
          action: 'update',
          resourceType: 'durable_object',
          resourceId: null,
          actorType: 'anonymous',
          actorId: null,
          eventData: {},
          ipAddress: null,
          userAgent: null,
        },
        '2026-01-01T00:00:00.000Z',
      );
    }
  }

  #addClass(
    embedded: Embedded,
    appId: string,
    item: { readonly name: string; readonly className: string },
  ): void {
    const { id = '', name } = this.transcript.response.body as AnswerBody;
    const known = item.name === name && id !== '';
    if (known) this.seededIds.add(this.rename(id));
    const left = this.transcript.db_after?.app_durable_objects.find((row) => row.name === item.name);
    embedded.addClass(appId, {
      ...item,
      id: known ? this.rename(id) : crypto.randomUUID(),
      ...(left === undefined ? {} : { accessMode: left.access_mode as AccessMode }),
    });
  }

  #withKeys(text: string): string {
    let replaced = text.replaceAll('<jwt>', END_USER_TOKEN);
    for (const [recorded, key] of this.#keys) replaced = replaced.replaceAll(recorded, key);
    return replaced;
  }
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

interface ListedApp {
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
}

interface ListedClass {
  readonly id: string;
  readonly name: string;
  readonly class_name: string;
  readonly status: string;
  readonly access_mode: string;
  readonly error_message: string | null;
  readonly last_deployed_at: string | null;
  readonly code?: string;
  readonly created_at?: string;
  readonly updated_at?: string;
}

interface AnswerBody extends Partial<ListedClass> {
  readonly durable_objects?: readonly ListedClass[];
  readonly keys?: readonly string[];
  readonly do_requests?: number;
  readonly do_cpu_ms?: number;
  readonly logs?: readonly {
    readonly event_type: string;
    readonly action: 'create' | 'update' | 'delete';
    readonly resource_type: string;
    readonly resource_id: string | null;
    readonly actor_id: string | null;
    readonly event_data: Readonly<Record<string, unknown>>;
    readonly ip_address: string | null;
    readonly user_agent: string | null;
    readonly created_at: string;
  }[];
}

/** A token that an app gave to one of its users; nobody verifies it here. */
const END_USER_TOKEN = `e30.${Buffer.from(JSON.stringify({ iss: 'butterbase:app:app_1' })).toString('base64')}.x`;

function isInjected(name: string): boolean {
  return name.startsWith('BUTTERBASE_') || name.startsWith('DO_INVOKER') || name === 'STRIPE_KEY';
}

function failureOf(call: CloudflareCall): HostFailure | undefined {
  if (call.status === 200) return undefined;
  if (call.status === 'socket destroyed') return { reset: true };
  const [error] = call.response?.errors ?? [];
  // A module that does not load is refused by the runtime itself.
  if (error === undefined || error.code === 10021) return undefined;
  return { status: call.status, code: error.code, message: error.message };
}

function configDate(transcript: Transcript, field: 'created_at' | 'updated_at'): string {
  const value = (transcript.response.body as Partial<Record<string, unknown>>)[field];
  return typeof value === 'string' ? value : '2026-11-01T00:00:00.000Z';
}
