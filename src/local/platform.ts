import { join, resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { DoError, ERROR_CODES, toError } from '../core/errors.ts';
import { StateLock } from './lock.ts';
import { buildServer } from './server.ts';
import { AppRegistry } from './service/appRegistry.ts';
import { loadBundler, type AppBundler } from './service/bundler.ts';
import { EventBus } from './service/events.ts';
import { FaultSwitch } from './service/faultSwitch.ts';
import type { RuntimeFactory } from './service/runtimePort.ts';
import type { HostProbe } from './service/scriptHost.ts';
import { Store } from './store/store.ts';
import { AppRuntime } from './runtime/appRuntime.ts';
import { Unused } from './unused.ts';
import { VERSION } from './version.ts';
import { findWorkerd } from './workerdBinary.ts';

export interface LocalPlatformOptions {
  /** Folder of everything that has to last; made when it is not there. */
  readonly stateDir: string;
  /** TCP port of the API; 0 for the one of last time when it is free, else any. */
  readonly port: number;
  /** Path of the workerd binary, when it is not to be looked for. */
  readonly workerd?: string;
  /** Host names besides loopback by which the API and the instances may be called. */
  readonly allowedHosts?: readonly string[];
  /** Ends by itself when nobody watches its events any more. */
  readonly exitWhenUnused?: boolean;
  /** Requests per minute, app and route. */
  readonly rateLimit?: number;
  /** For tests: lets callers with the API key make the calls to Cloudflare fail, see `FaultSwitch`. */
  readonly faults?: boolean;
  readonly log: (line: string) => void;
}

/** What tests put in place of the real parts, or inject. */
export interface LocalPlatformParts {
  readonly makeRuntime?: RuntimeFactory;
  readonly probe?: HostProbe;
}

export interface LocalApp {
  readonly id: string;
  readonly name: string;
  readonly subdomain: string;
  /** Where its instances are: `<origin>/_do/<name>/<instance>`. */
  readonly origin: string;
}

export interface LocalPlatform {
  readonly url: string;
  readonly apiKey: string;
  readonly apps: readonly LocalApp[];
  /** Resolves when the platform has ended, whoever ended it. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** Another process has the state folder. */
export class StateInUseError extends Error {
  readonly stateDir: string;

  constructor(stateDir: string) {
    super(`Another embedded platform uses ${stateDir}.`);
    this.name = 'StateInUseError';
    this.stateDir = stateDir;
  }
}

/** The platform's region names; there is one here. */
const REGION = 'us-east-1';

/** Requests per minute of an app on a paid plan of the hosted platform. */
const DEFAULT_RATE_LIMIT = 3000;

const FIRST_APP = 'local-app';
const USAGE_INTERVAL_MS = 30_000;

/**
 * Starts the embedded platform: the API on loopback, and a worker per app.
 * @throws StateInUseError when another process has the state folder
 * @throws DoError when the port is taken, the folder cannot be used, or this system has no workerd
 */
export async function startLocalPlatform(
  options: LocalPlatformOptions,
  parts: LocalPlatformParts = {},
): Promise<LocalPlatform> {
  const stateDir = resolve(options.stateDir);
  const lock = StateLock.take(stateDir);
  if (lock === undefined) throw new StateInUseError(stateDir);
  try {
    return await startLocked(options, parts, stateDir, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startLocked(
  options: LocalPlatformOptions,
  parts: LocalPlatformParts,
  stateDir: string,
  lock: StateLock,
): Promise<LocalPlatform> {
  const makeRuntime = parts.makeRuntime ?? workerdRuntimes(options);
  const store = new Store(join(stateDir, 'platform.sqlite'));
  const events = new EventBus();
  const faults = options.faults === true ? new FaultSwitch() : undefined;
  let url = '';
  const registry = new AppRegistry({
    store,
    stateDir,
    apiUrl: () => url,
    makeRuntime,
    makeBundler: sharedBundler(),
    probe: parts.probe ?? faults ?? {},
    events,
    log: options.log,
  });

  let close = (): Promise<void> => Promise.resolve();
  const unused = new Unused(options.exitWhenUnused === true, () => void close());
  const server = buildServer({
    store,
    registry,
    events,
    region: REGION,
    rateLimit: options.rateLimit ?? DEFAULT_RATE_LIMIT,
    allowedHosts: options.allowedHosts ?? [],
    faults,
    stateDir,
    url: () => url,
    version: VERSION,
    log: options.log,
    watchersChanged: (count) => unused.watchers(count),
    shutdown: () => void close(),
  });
  const usageTimer = setInterval(() => void registry.flushUsage(), USAGE_INTERVAL_MS);

  const end = async (): Promise<void> => {
    unused.stop();
    clearInterval(usageTimer);
    await server.close();
    await registry.close();
    store.close();
    lock.release();
  };
  let settle = (): void => undefined;
  const closed = new Promise<void>((resolve) => (settle = resolve));
  let ending: Promise<void> | undefined;
  close = () => (ending ??= end().finally(settle));

  try {
    const port = await listen(server, options.port, store.port);
    store.port = port;
    url = `http://127.0.0.1:${port}`;
    await registry.start();
    if (registry.list().length === 0) await registry.create(FIRST_APP, REGION);
    const apiKey = store.apiKey(new Date().toISOString());
    lock.publish({ pid: process.pid, url, apiKey, startedAt: new Date().toISOString() });
    unused.start();
    // What a first deploy needs is loaded after the platform is ready, and before somebody waits for it.
    setImmediate(() => void registry.warmUp().catch((error: unknown) => options.log(toError(error).message)));
    return {
      url,
      apiKey,
      get apps() {
        return registry.list().map((app) => ({
          id: app.id,
          name: app.name,
          subdomain: app.subdomain,
          origin: registry.origin(app),
        }));
      },
      closed,
      close: () => close(),
    };
  } catch (error) {
    unused.stop();
    clearInterval(usageTimer);
    await server.close();
    await registry.close();
    store.close();
    throw error;
  }
}

function workerdRuntimes(options: LocalPlatformOptions): RuntimeFactory {
  const workerd = options.workerd ?? findWorkerd();
  const allowedHosts = options.allowedHosts ?? [];
  return (request) => new AppRuntime({ ...request, workerd, allowedHosts });
}

/** Loads the compiler once, for all apps. */
function sharedBundler(): () => Promise<AppBundler> {
  let make: Promise<() => AppBundler> | undefined;
  return async () => (await (make ??= loadBundler()))();
}

/** On the wished port; when any will do, on that of last time if it is free. */
async function listen(server: FastifyInstance, wished: number, last: number): Promise<number> {
  const host = '127.0.0.1';
  try {
    await server.listen({ host, port: wished === 0 ? last : wished });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    if (wished !== 0) {
      throw new DoError({
        code: ERROR_CODES.localPlatform,
        message: `Port ${wished} of 127.0.0.1 is taken by another program.`,
        nextStep: 'End that program or choose another port.',
        cause,
      });
    }
    await server.listen({ host, port: 0 });
  }
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no TCP port.');
  return address.port;
}
