import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessMode, ClassStatus } from '../../src/core/model/app.ts';
import { startLocalPlatform, type LocalPlatform } from '../../src/local/platform.ts';
import { AppRuntime, type RuntimeSpec, type StartResult } from '../../src/local/runtime/appRuntime.ts';
import { BUILDER } from '../../src/local/service/bundler.ts';
import type { RuntimeFactory } from '../../src/local/service/runtimePort.ts';
import type { HostCall, HostFailure } from '../../src/local/service/scriptHost.ts';
import { findWorkerd } from '../../src/local/workerdBinary.ts';
import type { AppRow } from '../../src/local/store/appTable.ts';
import { Store } from '../../src/local/store/store.ts';

export const SEEDED_AT = '2026-11-01T00:00:00.000Z';

/** A real embedded platform over HTTP, on a state folder that the test filled beforehand. */
export class Embedded {
  readonly store: Store;
  readonly stateDir = mkdtempSync(join(tmpdir(), 'bb-contract-'));
  /** Failures that the next calls to Cloudflare get, by app; `undefined` lets one through. */
  readonly failures = new Map<string, (HostFailure | undefined)[]>();
  readonly calls: { readonly appId: string; readonly call: HostCall; readonly status: number }[] = [];
  /** Classes whose storage was moved to the trash, by app. */
  readonly trashed = new Map<string, string[]>();
  #platform: LocalPlatform | undefined;

  constructor() {
    this.store = new Store(join(this.stateDir, 'platform.sqlite'));
  }

  get url(): string {
    if (this.#platform === undefined) throw new Error('Not started.');
    return this.#platform.url;
  }

  get apiKey(): string {
    return this.store.apiKey(SEEDED_AT);
  }

  async start(rateLimit = 3000): Promise<void> {
    this.#platform = await startLocalPlatform(
      { stateDir: this.stateDir, port: 0, rateLimit, log: () => undefined },
      {
        makeRuntime: this.#makeRuntime,
        probe: {
          intercept: (appId) => this.failures.get(appId)?.shift(),
          observe: (appId, call, status) => this.calls.push({ appId, call, status }),
        },
      },
    );
  }

  async stop(): Promise<void> {
    await this.#platform?.close();
    this.store.close();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  addApp(app: Pick<AppRow, 'id' | 'name' | 'ownerId'> & Partial<AppRow>): void {
    this.store.apps.insert({
      subdomain: app.name,
      region: 'us-east-1',
      provisioningStatus: 'ready',
      dbProvisioned: true,
      pausedAt: null,
      pausedReason: null,
      anonKey: 'anon',
      functionKey: 'fn',
      port: 0,
      createdAt: SEEDED_AT,
      updatedAt: SEEDED_AT,
      ...app,
    });
  }

  addClass(
    appId: string,
    row: {
      readonly id: string;
      readonly name: string;
      readonly className: string;
      readonly code?: string;
      readonly accessMode?: AccessMode;
      readonly status?: ClassStatus;
      readonly errorMessage?: string | null;
      readonly lastDeployedAt?: string | null;
      readonly createdAt?: string;
      readonly updatedAt?: string;
    },
  ): void {
    this.store.classes.insert(appId, {
      code: `export class ${row.className} {}\n`,
      accessMode: 'public',
      status: 'READY',
      errorMessage: null,
      lastDeployedAt: SEEDED_AT,
      createdAt: SEEDED_AT,
      updatedAt: SEEDED_AT,
      ...row,
    });
  }

  /** What is deployed, for the platform and for Cloudflare. */
  setDeployed(appId: string, classNames: readonly string[], tag: string): void {
    this.store.deploys.saveState(appId, { classNames, migrationTag: tag }, SEEDED_AT);
    if (tag === '') return;
    const classes = classNames.map((className) => ({
      name: className.toLowerCase(),
      className,
      code: `export class ${className} {}\n`,
      accessMode: 'public' as const,
    }));
    this.store.deploys.saveScript(appId, {
      migrationTag: tag,
      classes,
      env: {},
      module: '',
      builder: BUILDER,
    });
  }

  /** Real workerd for every deploy, but none for an app that only exists. */
  readonly #makeRuntime: RuntimeFactory = (request) => {
    const trashed: string[] = [];
    this.trashed.set(request.appId, trashed);
    const runtime = new AppRuntime({ ...request, workerd: findWorkerd(), allowedHosts: [] });
    let started = false;
    return {
      get port() {
        return runtime.port;
      },
      get state() {
        return runtime.state;
      },
      deploy: async (spec: RuntimeSpec): Promise<StartResult> => {
        if (started && spec.classes.length > 0) return runtime.deploy(spec);
        started = true;
        return { ok: true, port: 0 };
      },
      counts: () => runtime.counts(),
      cpuMs: () => runtime.cpuMs(),
      dispatch: (name, instance, dispatched) => runtime.dispatch(name, instance, dispatched),
      trashStorage: (className) => {
        trashed.push(className);
        return runtime.trashStorage(className);
      },
      listTrash: () => runtime.listTrash(),
      restoreStorage: (id, options) => runtime.restoreStorage(id, options),
      stop: () => runtime.stop(),
    };
  };
}
