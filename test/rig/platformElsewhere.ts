import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { node24 } from '../../scripts/lib/node24.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import type { Fault } from '../../src/local/service/faultSwitch.ts';
import type { CodeServer } from './codeServer.ts';

interface Ready {
  readonly url: string;
  readonly apiKey: string;
  readonly apps: readonly { readonly id: string; readonly origin: string }[];
}

interface Row {
  readonly name: string;
  readonly class_name: string;
  readonly status: string;
}

/** A platform of somebody else, with the fault switch, that can go away and come back at the same address. */
export class PlatformElsewhere {
  readonly #state: string;
  #child: ChildProcess | undefined;
  #ready: Ready;

  private constructor(state: string, child: ChildProcess, ready: Ready) {
    this.#state = state;
    this.#child = child;
    this.#ready = ready;
  }

  static async start(): Promise<PlatformElsewhere> {
    const state = await mkdtemp(path.join(os.tmpdir(), 'bbdo-platform-'));
    const { child, ready } = await launch(state, 0);
    return new PlatformElsewhere(state, child, ready);
  }

  get url(): string {
    return this.#ready.url;
  }

  get apiKey(): string {
    return this.#ready.apiKey;
  }

  /** Signs in whoever works on that server, as the platform's own command line does. */
  async signIn({ home }: CodeServer): Promise<void> {
    const folder = path.join(home, '.butterbase');
    await mkdir(folder, { recursive: true });
    const config = { endpoint: this.url, apiKey: this.apiKey, currentApp: this.#app.id };
    await writeFile(path.join(folder, 'config.json'), JSON.stringify(config));
  }

  /** Ends as a program does, or dies in the middle of what it does. */
  async goAway(manner: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(manner);
    await ended;
  }

  async comeBack(): Promise<void> {
    const { child, ready } = await launch(this.#state, Number(new URL(this.url).port));
    this.#child = child;
    this.#ready = ready;
  }

  async stop(): Promise<void> {
    await this.goAway();
    await rm(this.#state, { recursive: true, force: true, maxRetries: 5 });
  }

  /** What the next calls to Cloudflare meet. */
  async fault(...faults: readonly Fault[]): Promise<void> {
    const { status } = await this.#send('POST', '/_local/faults', { appId: this.#app.id, faults });
    assert.equal(status, 200);
  }

  /** Status by DO name: `counter: READY Counter`. */
  async classes(): Promise<readonly string[]> {
    const response = await this.#send('GET', this.#route);
    const { durable_objects: rows } = (await response.json()) as { durable_objects: Row[] };
    return rows.map(({ name, status, class_name: className }) => `${name}: ${status} ${className}`).sort();
  }

  /** The source that was submitted last. */
  async source(name: string): Promise<string> {
    const response = await this.#send('GET', `${this.#route}/${name}`);
    return ((await response.json()) as { code: string }).code;
  }

  /** Deploys as another client does; answers the HTTP status. */
  async register(name: string, code: string, accessMode = 'public'): Promise<number> {
    return (await this.#send('POST', this.#route, { name, code, access_mode: accessMode })).status;
  }

  /** Deletes as another client does; answers the HTTP status. */
  async remove(name: string): Promise<number> {
    return (await this.#send('DELETE', `${this.#route}/${name}`)).status;
  }

  /** Sets a variable of the whole app, or deletes it; answers the HTTP status. */
  async setVariable(key: string, value: string | null): Promise<number> {
    return (await this.#send('PATCH', `/v1/${this.#app.id}/env`, { envVars: { [key]: value } })).status;
  }

  /** Asks an instance; answers the body. */
  async call(name: string, instance: string, method = 'GET'): Promise<string> {
    return (await fetch(`${this.#app.origin}/_do/${name}/${instance}`, { method })).text();
  }

  get #route(): string {
    return `/v1/${this.#app.id}/durable-objects`;
  }

  get #app(): Ready['apps'][number] {
    const [first] = this.#ready.apps;
    assert.ok(first !== undefined);
    return first;
  }

  async #send(method: string, route: string, body?: object): Promise<Response> {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    return fetch(this.url + route, {
      method,
      headers: { authorization: `Bearer ${this.apiKey}`, ...type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}

async function launch(state: string, port: number): Promise<{ child: ChildProcess; ready: Ready }> {
  const args = ['local', '--json', '--faults', '--state', state, '--port', String(port)];
  const child = spawn(node24(), [path.join(root, 'dist', 'cli.js'), ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines = readline.createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [unknown];
  assert.ok(typeof line === 'string', `the platform ended with ${String(line)}`);
  return { child, ready: JSON.parse(line) as Ready };
}
