import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startLocalPlatform, type LocalPlatform } from '../../../src/local/platform.ts';
import type { Fault } from '../../../src/local/service/faultSwitch.ts';
import { PlatformClient } from '../../../src/platform/client.ts';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'main.ts');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RanJson<T> extends Ran {
  readonly document: T;
}

export interface Running {
  readonly child: ChildProcess;
  readonly err: () => string;
  readonly ended: Promise<Ran>;
}

export interface RunOptions {
  /** Over the variables of a signed-in person; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Folder below the project in which it runs. */
  readonly below?: string;
}

/** The access mode and the source of a class that counts in steps. */
export function counter(className: string, step = 1, rest = ''): string {
  return `
export class ${className} {
  constructor(private readonly state: DurableObjectState, private readonly env: Record<string, string>) {}

  async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname.endsWith('/env')) return Response.json(this.env);
    const value = ((await this.state.storage.get<number>('value')) ?? 0) + ${step};
    await this.state.storage.put('value', value);
    return new Response(String(value));
  }
}
${rest}`;
}

/** A real embedded platform, an app of its own for each test, and a folder in which the command line runs. */
export class CommandLine {
  readonly folder = mkdtempSync(join(tmpdir(), 'bb-cli-'));
  appId = '';
  #platform: Pick<LocalPlatform, 'url' | 'apiKey' | 'close'> | undefined;
  #client: PlatformClient | undefined;
  #project = '';
  #number = 0;
  readonly #children = new Set<ChildProcess>();

  get platform(): Pick<LocalPlatform, 'url' | 'apiKey'> {
    assert.ok(this.#platform);
    return this.#platform;
  }

  get client(): PlatformClient {
    assert.ok(this.#client);
    return this.#client;
  }

  get home(): string {
    return join(this.#project, 'home');
  }

  get project(): string {
    return join(this.#project, 'project');
  }

  get stateDir(): string {
    return join(this.folder, 'state');
  }

  async start(): Promise<void> {
    this.#platform = await startLocalPlatform({
      stateDir: this.stateDir,
      port: 0,
      faults: true,
      log: () => undefined,
    });
    this.#client = new PlatformClient({ origin: this.#platform.url, apiKey: this.#platform.apiKey });
  }

  /** The same in a process of its own, on the state folder of the one before it. @returns what kills it */
  async startApart(): Promise<() => Promise<void>> {
    await this.#client?.close();
    const args = [MAIN, 'local', '--json', '--state', this.stateDir];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#children.add(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const address = JSON.parse(line.toString()) as { url: string; apiKey: string };
    const kill = async (): Promise<void> => {
      this.#children.delete(child);
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    this.#platform = { ...address, close: kill };
    this.#client = new PlatformClient({ origin: address.url, apiKey: address.apiKey });
    return kill;
  }

  /** A new app, an empty home folder and an empty project. */
  async begin(): Promise<void> {
    this.#number += 1;
    this.#project = join(this.folder, String(this.#number));
    for (const folder of [this.home, this.project]) mkdirSync(folder, { recursive: true });
    this.appId = (await this.client.createApp(`app-${this.#number}`)).id;
  }

  async stop(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await this.#client?.close();
    await this.#platform?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Lets the next calls to Cloudflare fail. */
  async fail(...faults: readonly Fault[]): Promise<void> {
    await this.ask('POST', '/_local/faults', { appId: this.appId, faults });
  }

  async ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.platform.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.platform.apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return JSON.parse(text) as unknown;
  }

  /** What an instance answers. */
  async call(path: string): Promise<string> {
    const { apps } = (await this.ask('GET', '/_local/state')) as { apps: { id: string; origin: string }[] };
    const origin = apps.find(({ id }) => id === this.appId)?.origin ?? '';
    const response = await fetch(`${origin}/_do/${path}`);
    const text = await response.text();
    assert.equal(response.status, 200, `${path}: ${text}`);
    return text;
  }

  write(path: string, text: string): void {
    const file = join(this.project, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Writes the sources and the manifest that names them. */
  classes(sources: Readonly<Record<string, string>>): void {
    const classes: Record<string, object> = {};
    for (const name of Object.keys(sources)) {
      classes[name] = { source: `durable-objects/${name}.ts`, accessMode: 'public' };
    }
    this.write('.butterbase/durable-objects.json', JSON.stringify({ classes }));
    for (const [name, source] of Object.entries(sources)) this.write(`durable-objects/${name}.ts`, source);
  }

  /** `NAME STATUS` of each class that is deployed, by name. */
  async rows(): Promise<string[]> {
    return (await this.client.list(this.appId))
      .map(({ name, className, status }) => `${name} ${className} ${status}`)
      .sort();
  }

  begun(args: readonly string[], options: RunOptions = {}): Running {
    const env: Record<string, string | undefined> = {
      PATH: process.env['PATH'],
      NODE_NO_WARNINGS: '1',
      // Each run would compile all modules anew.
      NODE_COMPILE_CACHE: join(this.folder, 'compiled'),
      HOME: this.home,
      BUTTERBASE_ENDPOINT: this.platform.url,
      BUTTERBASE_API_KEY: this.platform.apiKey,
      BUTTERBASE_APP_ID: this.appId,
      ...options.env,
    };
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: join(this.project, options.below ?? '.'),
      env,
      stdio: 'pipe',
    });
    this.#children.add(child);
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    const ended = once(child, 'close').then((values: unknown[]): Ran => {
      const [code] = values;
      this.#children.delete(child);
      const leaked = [out, err].some((text) => text.includes(this.platform.apiKey));
      assert.equal(leaked, false, 'the API key is in the output');
      return { code: typeof code === 'number' ? code : null, out, err };
    });
    return { child, err: () => err, ended };
  }

  async run(...args: readonly string[]): Promise<Ran> {
    return this.begun(args).ended;
  }

  /** Runs with `--json`: stdout is one document. */
  async json<T>(args: readonly string[], options: RunOptions = {}): Promise<RanJson<T>> {
    const ran = await this.begun([...args, '--json'], options).ended;
    return { ...ran, document: JSON.parse(ran.out) as T };
  }
}
