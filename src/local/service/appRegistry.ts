import { randomBytes, randomInt } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { toError } from '../../core/errors.ts';
import type { AppRow } from '../store/appTable.ts';
import type { Store } from '../store/store.ts';
import { AppService } from './appService.ts';
import type { AppBundler } from './bundler.ts';
import type { EventBus } from './events.ts';
import type { RuntimeExit } from '../runtime/appRuntime.ts';
import type { RuntimeFactory } from './runtimePort.ts';
import type { HostProbe } from './scriptHost.ts';

export interface AppRegistryParts {
  readonly store: Store;
  readonly stateDir: string;
  /** URL of the API, known once it listens; without a slash at the end. */
  readonly apiUrl: () => string;
  readonly makeRuntime: RuntimeFactory;
  readonly makeBundler: () => Promise<AppBundler>;
  readonly probe: HostProbe;
  readonly events: EventBus;
  readonly log: (line: string) => void;
}

/** All apps of this embedded platform, each with its worker. */
export class AppRegistry {
  readonly #parts: AppRegistryParts;
  readonly #services = new Map<string, AppService>();

  constructor(parts: AppRegistryParts) {
    this.#parts = parts;
  }

  /** Starts the worker of every app. An app that does not start is reported and does not stop the others. */
  async start(): Promise<void> {
    await Promise.all(
      this.#parts.store.apps.all().map(async (app) => {
        await this.#start(app);
      }),
    );
  }

  find(appId: string): AppRow | undefined {
    return this.#parts.store.apps.find(appId);
  }

  list(): AppRow[] {
    return this.#parts.store.apps.all();
  }

  service(appId: string): AppService {
    const service = this.#services.get(appId);
    if (service === undefined) throw new Error(`The app ${appId} has no worker.`);
    return service;
  }

  /** Where the app's instances are reached, without a slash at the end. */
  origin(app: Pick<AppRow, 'id' | 'port'>): string {
    const port = this.#services.get(app.id)?.runtime.port ?? 0;
    return `http://127.0.0.1:${port === 0 ? app.port : port}`;
  }

  /** Makes an app and starts its worker; that it does not start is reported as in `start`. The subdomain gets a suffix when another app has it. */
  async create(name: string, region: string, subdomain?: string): Promise<AppRow> {
    const { store } = this.#parts;
    const now = new Date().toISOString();
    const app: AppRow = {
      id: `app_${randomName(12)}`,
      ownerId: store.ownerId,
      name,
      subdomain: this.#freeSubdomain(subdomain ?? name.replaceAll('_', '-')),
      region,
      provisioningStatus: 'ready',
      dbProvisioned: true,
      pausedAt: null,
      pausedReason: null,
      anonKey: `bb_anon_${randomBytes(20).toString('hex')}`,
      functionKey: randomBytes(20).toString('hex'),
      port: 0,
      createdAt: now,
      updatedAt: now,
    };
    store.apps.insert(app);
    await this.#start(app);
    this.#parts.events.emit({ type: 'state', appId: app.id });
    return app;
  }

  /** Stops the app's worker and forgets its rows. Its folder with all storage moves to the trash of the state folder. */
  async delete(appId: string): Promise<void> {
    await this.#services.get(appId)?.stop();
    this.#services.delete(appId);
    this.#parts.store.apps.delete(appId);
    const moved = `${new Date().toISOString().replaceAll(':', '-')}-${appId}`;
    await rename(this.#folder(appId), join(this.#parts.stateDir, 'apps', `.deleted-${moved}`)).catch(
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      },
    );
    this.#parts.events.emit({ type: 'state', appId });
  }

  /** Loads the compiler and builds what runs, so that the first deploy is as fast as the next. */
  async warmUp(): Promise<void> {
    for (const service of this.#services.values()) await service.warmUp();
  }

  /** Writes the usage of every app. */
  async flushUsage(): Promise<void> {
    await Promise.all(
      [...this.#services.values()].map((service) => service.usage.flush().catch(() => undefined)),
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#services.values()].map((service) => service.stop()));
    this.#services.clear();
  }

  async #start(app: AppRow): Promise<void> {
    const service = this.#open(app);
    await service.start().catch((error: unknown) => {
      this.#parts.log(toError(error).message);
    });
  }

  #open(app: AppRow): AppService {
    const { store, makeRuntime, makeBundler, apiUrl, probe, events } = this.#parts;
    const runtime = makeRuntime({
      appId: app.id,
      folder: this.#folder(app.id),
      port: app.port,
      onLine: (line) => {
        const text = line.text.includes('worker.mjs:') ? service.explain(line.text) : line.text;
        events.emit({ type: 'log', appId: app.id, ...line, text });
      },
      onExit: (exit) => {
        this.#parts.log(`${app.name}: ${exitText(exit)}`);
        if (exit.kind === 'restarted') store.apps.setPort(app.id, exit.port);
        events.emit({ type: 'state', appId: app.id });
      },
    });
    let bundler: Promise<AppBundler> | undefined;
    const service = new AppService({
      appId: app.id,
      store,
      runtime,
      bundler: () => (bundler ??= makeBundler()),
      apiUrl,
      probe,
      events,
    });
    this.#services.set(app.id, service);
    return service;
  }

  #folder(appId: string): string {
    return join(this.#parts.stateDir, 'apps', appId);
  }

  #freeSubdomain(wished: string): string {
    const { apps } = this.#parts.store;
    let subdomain = wished;
    while (apps.findBySubdomain(subdomain) !== undefined)
      subdomain = `${wished.slice(0, 58)}-${randomName(4)}`;
    return subdomain;
  }
}

function exitText(exit: RuntimeExit): string {
  switch (exit.kind) {
    case 'crashed':
      return `the worker ended (${exit.reason}) and starts again in ${exit.restartInMs} ms`;
    case 'restarted':
      return `the worker runs again on port ${exit.port}`;
    case 'gaveUp':
      return `the worker ended too often (${exit.reason}) and stays stopped until the next deploy`;
  }
}

const NAME_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

function randomName(length: number): string {
  return Array.from({ length }, () => NAME_CHARACTERS.charAt(randomInt(NAME_CHARACTERS.length))).join('');
}
