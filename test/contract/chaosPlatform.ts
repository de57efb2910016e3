import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalPlatform, type LocalPlatform } from '../../src/local/platform.ts';
import type { RuntimePort } from '../../src/local/service/runtimePort.ts';
import { Store } from '../../src/local/store/store.ts';

/** What the platform has of an app, read from its own tables. */
export interface Truth {
  /** `<access mode> <status> <source>` by DO name. */
  readonly classes: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** How many changes it carried out. */
  readonly changes: number;
}

/** A real embedded platform whose apps have no process: what is deployed is kept, and never runs. */
export class ChaosPlatform {
  readonly #stateDir: string;
  readonly #platform: LocalPlatform;
  readonly #store: Store;

  /** @param fails whether the next upload of an app fails at Cloudflare; may take its time */
  static async start(fails: (appId: string) => boolean | Promise<boolean>): Promise<ChaosPlatform> {
    const stateDir = mkdtempSync(join(tmpdir(), 'bb-chaos-'));
    const platform = await startLocalPlatform(
      { stateDir, port: 0, rateLimit: 1_000_000, log: () => undefined },
      {
        makeRuntime: noProcess,
        probe: {
          intercept: async (appId, { method }) =>
            method !== 'GET' && (await fails(appId)) ? UNAVAILABLE : undefined,
        },
      },
    );
    return new ChaosPlatform(stateDir, platform);
  }

  private constructor(stateDir: string, platform: LocalPlatform) {
    this.#stateDir = stateDir;
    this.#platform = platform;
    this.#store = new Store(join(stateDir, 'platform.sqlite'));
  }

  get url(): string {
    return this.#platform.url;
  }

  get apiKey(): string {
    return this.#platform.apiKey;
  }

  truth(appId: string): Truth {
    const rows = this.#store.classes.list(appId).map((row) => {
      const { name, accessMode, status, code } = row;
      return [name, `${accessMode} ${status} ${code}`] as const;
    });
    const all = { equals: {}, from: undefined, to: undefined, limit: 1, offset: 0 };
    return {
      classes: Object.fromEntries(rows.sort(([a], [b]) => a.localeCompare(b))),
      env: this.#store.env.values(appId),
      changes: this.#store.audit.read(appId, all).total,
    };
  }

  async close(): Promise<void> {
    await this.#platform.close();
    this.#store.close();
    rmSync(this.#stateDir, { recursive: true, force: true });
  }
}

const UNAVAILABLE = { status: 500, code: 10013, message: 'Something went wrong on our side.' };

function noProcess(): RuntimePort {
  return {
    port: 0,
    state: { kind: 'stopped' },
    deploy: () => Promise.resolve({ ok: true, port: 0 }),
    counts: () => Promise.resolve({ requests: 0, instances: {} }),
    cpuMs: () => Promise.resolve(0),
    dispatch: () => Promise.reject(new Error('Nothing runs.')),
    trashStorage: () => Promise.resolve(undefined),
    listTrash: () => Promise.resolve([]),
    restoreStorage: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}
