import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DoError } from '../../../src/core/errors.ts';
import type { App } from '../../../src/core/model/app.ts';
import { AppOperations } from '../../../src/operations/appOperations.ts';
import { operationTools, type OperationTools } from '../../../src/operations/operationTools.ts';
import type { DeployInput } from '../../../src/operations/sourceCheck.ts';
import { PlatformClient } from '../../../src/platform/client.ts';
import { Embedded } from '../embedded.ts';

/** A failure of Cloudflare that says nothing about the module. */
export const CLOUDFLARE_FAILS = { status: 500, code: 10013, message: 'An unknown error has occurred.' };

/** A class whose instances count their requests, so that a test sees whether what they stored is still there. */
export function counter(name: string, className: string, top = ''): DeployInput {
  return {
    name,
    accessMode: 'public',
    code: `${top}
export class ${className} {
  constructor(private readonly state: DurableObjectState) {}

  async fetch(): Promise<Response> {
    const value = ((await this.state.storage.get<number>('value')) ?? 0) + 1;
    await this.state.storage.put('value', value);
    return new Response(String(value));
  }
}
`,
  };
}

/** Real embedded platform, real HTTP, real workerd, and a home folder of its own. */
export class World {
  readonly embedded = new Embedded();
  readonly home = mkdtempSync(join(tmpdir(), 'bb-home-'));
  #client: PlatformClient | undefined;
  #count = 0;

  async start(): Promise<void> {
    await this.embedded.start(100_000);
    this.#client = new PlatformClient({ origin: this.embedded.url, apiKey: this.embedded.apiKey });
  }

  async stop(): Promise<void> {
    await this.client.close();
    await this.embedded.stop();
    rmSync(this.home, { recursive: true, force: true });
  }

  get client(): PlatformClient {
    assert.ok(this.#client);
    return this.#client;
  }

  async app(): Promise<AppUnderChange> {
    this.#count += 1;
    const app = await this.client.createApp(`app-${this.#count}`);
    return new AppUnderChange(this, app);
  }
}

/** One app of its own. */
export class AppUnderChange {
  readonly world: World;
  readonly app: App;
  readonly tools: OperationTools;
  readonly operations: AppOperations;

  constructor(world: World, app: App) {
    this.world = world;
    this.app = app;
    this.tools = this.newTools();
    this.operations = this.window(this.tools);
  }

  newTools(): OperationTools {
    return operationTools({ home: this.world.home, env: {} });
  }

  /** The operations as another window has them. */
  window(tools = this.newTools(), client = this.world.client): AppOperations {
    const { url } = this.world.embedded;
    return new AppOperations({ ...tools, client, app: this.app, origin: url, platform: url, from: 'editor' });
  }

  /** Lets the next calls to Cloudflare fail; `undefined` lets one through. */
  failNext(...failures: ({ status: number; code: number; message: string } | undefined)[]): void {
    this.world.embedded.failures.set(this.app.id, failures);
  }

  /** Deploys, and lets every class count once. */
  async given(...inputs: readonly DeployInput[]): Promise<void> {
    for (const input of inputs) await this.operations.deploy(input);
    for (const { name } of inputs) assert.equal(await this.count(name), 1);
  }

  /** An update of somebody else that Cloudflare fails: the class goes into ERROR, and runs on. */
  async breakClass(input: DeployInput): Promise<void> {
    this.failNext(CLOUDFLARE_FAILS);
    const changed = { ...input, code: `${input.code}// changed\n` };
    const error = await errorOf(this.world.client.register(this.app.id, changed));
    assert.equal(error.status, 502);
    assert.equal((await this.states())[input.name], 'ERROR');
  }

  async count(name: string): Promise<number> {
    const { url, apiKey } = this.world.embedded;
    const response = await fetch(`${url}/_local/state`, { headers: { authorization: `Bearer ${apiKey}` } });
    const { apps } = (await response.json()) as { apps: { id: string; origin: string }[] };
    const origin = apps.find(({ id }) => id === this.app.id)?.origin ?? '';
    const answer = await fetch(`${origin}/_do/${name}/one`);
    assert.equal(answer.status, 200, await answer.clone().text());
    return Number(await answer.text());
  }

  async states(): Promise<Record<string, string>> {
    const rows = await this.world.client.list(this.app.id);
    return Object.fromEntries(rows.map(({ name, status }) => [name, status]));
  }

  /** Sets a variable of the whole app, as somebody does who works on something else than its classes. */
  async setVariable(key: string, value: string): Promise<number> {
    const { url, apiKey } = this.world.embedded;
    const answer = await fetch(`${url}/v1/${this.app.id}/env`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ envVars: { [key]: value } }),
    });
    return answer.status;
  }

  /** What another window finds to be wrong with the app: `rowGone a`. Undefined while a change is on its way. */
  async stuck(): Promise<readonly string[] | undefined> {
    const { client } = this.world;
    const { id } = this.app;
    const read = [client.list(id), client.listEnv(id), client.listAppEnv(id)] as const;
    const [rows, envKeys, appEnvKeys] = await Promise.all(read);
    const states = await this.window().stuck({ rows, envKeys, appEnvKeys });
    return states?.map(({ kind, about }) => [kind, ...about].join(' '));
  }

  /** Uploads and removals that reached Cloudflare so far. */
  get changes(): number {
    return this.world.embedded.calls.filter(
      ({ appId, call }) => appId === this.app.id && call.method !== 'GET',
    ).length;
  }

  /** Class names whose storage went to the trash. */
  get lost(): readonly string[] {
    return this.world.embedded.trashed.get(this.app.id) ?? [];
  }
}

export async function errorOf(promise: Promise<unknown>): Promise<DoError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DoError, `a DoError, not ${String(error)}`);
  return error;
}
