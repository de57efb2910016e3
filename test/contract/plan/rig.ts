import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessMode, ClassStatus, DoClass } from '../../../src/core/model/app.ts';
import { startLocalPlatform, type LocalPlatform } from '../../../src/local/platform.ts';
import { AppRuntime, type RuntimeSpec, type StartResult } from '../../../src/local/runtime/appRuntime.ts';
import { EMPTY_TALLY } from '../../../src/local/runtime/tally.ts';
import { FaultSwitch } from '../../../src/local/service/faultSwitch.ts';
import type { RuntimeFactory, RuntimePort } from '../../../src/local/service/runtimePort.ts';
import { Store } from '../../../src/local/store/store.ts';
import { findWorkerd } from '../../../src/local/workerdBinary.ts';
import { send } from '../http.ts';

/** What makes a source that passes the bundler's check fail to load. */
const BROKEN = "throw new Error('broken');";

/** Thousands of commits that each wait for a disk would take minutes; none of them has to last. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A source with one class; a broken one passes the bundler's check and does not load. */
export function sourceOf(className: string, broken: boolean): string {
  return `${broken ? `${BROKEN}\n` : ''}export class ${className} {\n  fetch() {\n    return new Response('${className}');\n  }\n}\n`;
}

export interface PlatformAnswer {
  readonly status: number;
  readonly text: string;
}

/** A real embedded platform over HTTP with a fault switch; its modules run in workerd, or are only looked at. */
export class PlanRig {
  readonly faults = new FaultSwitch();
  readonly #stateDir = mkdtempSync(join(MEMORY, 'bb-plan-'));
  readonly #store = new Store(join(this.#stateDir, 'platform.sqlite'));
  readonly #trashed = new Map<string, string[]>();
  readonly #runtime: 'workerd' | 'none';
  #platform: LocalPlatform | undefined;
  #apiKey = '';
  #apps = 0;

  constructor(runtime: 'workerd' | 'none') {
    this.#runtime = runtime;
  }

  async start(): Promise<void> {
    this.#apiKey = this.#store.apiKey('2026-11-01T00:00:00.000Z');
    const options = { stateDir: this.#stateDir, port: 0, rateLimit: 1_000_000, log: () => undefined };
    this.#platform = await startLocalPlatform(options, {
      makeRuntime: this.#makeRuntime,
      probe: this.faults,
    });
  }

  async stop(): Promise<void> {
    await this.#platform?.close();
    this.#store.close();
    rmSync(this.#stateDir, { recursive: true, force: true });
  }

  async newApp(): Promise<string> {
    const { text } = await this.#send('POST', '/init', { name: `plan-${(this.#apps += 1)}` });
    return (JSON.parse(text) as { app_id: string }).app_id;
  }

  async list(appId: string): Promise<DoClass[]> {
    const { text } = await this.#send('GET', base(appId));
    const { durable_objects: rows } = JSON.parse(text) as { durable_objects: WireRow[] };
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      className: row.class_name,
      status: row.status,
      accessMode: row.access_mode,
      lastDeployedAt: row.last_deployed_at ?? undefined,
      errorMessage: row.error_message ?? undefined,
    }));
  }

  async envKeys(appId: string): Promise<string[]> {
    return (JSON.parse((await this.#send('GET', `${base(appId)}/env`)).text) as { keys: string[] }).keys;
  }

  register(appId: string, name: string, code: string): Promise<PlatformAnswer> {
    return this.#send('POST', base(appId), { name, code, access_mode: 'public' });
  }

  delete(appId: string, name: string): Promise<PlatformAnswer> {
    return this.#send('DELETE', `${base(appId)}/${name}`);
  }

  setEnv(appId: string, key: string): Promise<PlatformAnswer> {
    return this.#send('PUT', `${base(appId)}/env/${key}`, { value: 'x' });
  }

  deleteEnv(appId: string, key: string): Promise<PlatformAnswer> {
    return this.#send('DELETE', `${base(appId)}/env/${key}`);
  }

  /** What a register leaves whose platform died before it called Cloudflare. */
  leaveBuilding(appId: string, name: string, className: string): void {
    const source = { name, className, code: sourceOf(className, false), accessMode: 'public' as const };
    this.#store.classes.submit(appId, source, new Date().toISOString());
  }

  /** Class names whose storage went to the trash since it was asked last; sorted. */
  takeTrashed(appId: string): string[] {
    return (this.#trashed.get(appId) ?? []).splice(0).sort();
  }

  #send(method: string, path: string, body?: object): Promise<PlatformAnswer> {
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
    return send(this.#platform?.url ?? '', {
      method,
      path,
      headers: { Authorization: `Bearer ${this.#apiKey}`, ...type },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  readonly #makeRuntime: RuntimeFactory = (request) => {
    const trashed: string[] = [];
    this.#trashed.set(request.appId, trashed);
    const runtime: RuntimePort =
      this.#runtime === 'none'
        ? new OnlyLooks()
        : new AppRuntime({ ...request, workerd: findWorkerd(), allowedHosts: [] });
    const trash = runtime.trashStorage.bind(runtime);
    runtime.trashStorage = async (className) => {
      trashed.push(className);
      return trash(className);
    };
    return runtime;
  };
}

interface WireRow {
  readonly id: string;
  readonly name: string;
  readonly class_name: string;
  readonly status: ClassStatus;
  readonly access_mode: AccessMode;
  readonly last_deployed_at: string | null;
  readonly error_message: string | null;
}

function base(appId: string): string {
  return `/v1/${appId}/durable-objects`;
}

/** Refuses the modules that workerd would refuse, among those that `sourceOf` makes; runs none. */
class OnlyLooks implements RuntimePort {
  readonly port = 0;
  readonly state = { kind: 'running', port: 0, pid: 0 } as const;

  deploy({ module, classes }: RuntimeSpec): Promise<StartResult> {
    const twice = new Set(classes.map(({ className }) => className)).size < classes.length;
    if (!twice && !module.includes(BROKEN)) return Promise.resolve({ ok: true, port: 0 });
    return Promise.resolve({ ok: false, fault: 'module', message: 'Uncaught Error: it does not load' });
  }

  counts: RuntimePort['counts'] = () => Promise.resolve(EMPTY_TALLY);
  cpuMs: RuntimePort['cpuMs'] = () => Promise.resolve(0);
  dispatch: RuntimePort['dispatch'] = () => Promise.reject(new Error('Nothing runs.'));
  trashStorage: RuntimePort['trashStorage'] = () => Promise.resolve(undefined);
  listTrash: RuntimePort['listTrash'] = () => Promise.resolve([]);
  restoreStorage: RuntimePort['restoreStorage'] = () => Promise.reject(new Error('Nothing is kept.'));
  stop: RuntimePort['stop'] = () => Promise.resolve();
}
