import '../vscodeStub.ts';
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { suite, test } from 'mocha';
import { DoError, ERROR_CODES } from '../../../../src/core/errors.ts';
import type { App } from '../../../../src/core/model/app.ts';
import type { AppOperations } from '../../../../src/operations/appOperations.ts';
import type { RunningLocal } from '../../../../src/ui/local/controller.ts';
import type { CliSignIn } from '../../../../src/ui/session/cliSignIn.ts';
import type { Connection, Session } from '../../../../src/ui/session/session.ts';
import type { PlatformAddress, SessionWorld } from '../../../../src/ui/session/sessionWorld.ts';

const { SessionStore } = await import('../../../../src/ui/session/sessionStore.ts');
const { LOCAL_CONNECTION, remoteConnection } = await import('../../../../src/ui/session/connections.ts');

const SHOP = app('app_1', 'shop');
const BLOG = app('app_2', 'blog');
const RUNNING: RunningLocal = {
  kind: 'running',
  url: 'http://127.0.0.1:4000',
  apiKey: 'local-key',
  apps: [],
};
const HOSTED = remoteConnection('https://api.butterbase.ai');

/** The outside of a session, with everything off; tests turn on what they need. */
class World implements SessionWorld {
  folder = true;
  trusted = true;
  autoStart = true;
  running: RunningLocal | undefined;
  startError: DoError | undefined;
  keys = new Map<string, string>();
  cli: CliSignIn | undefined;
  apps: readonly App[] = [SHOP];
  listing: ((address: PlatformAddress) => Promise<readonly App[]>) | undefined;
  asked: string[] = [];
  chosen: Connection | undefined;
  chosenApps = new Map<string, string>();
  shared = new Set<string>();
  taken = new Set<string>();
  signsIn: ((connection: Connection) => Promise<boolean>) | undefined;
  picks: App | undefined;
  sharesKey = false;

  hasFolder = (): boolean => this.folder;
  isTrusted = (): boolean => this.trusted;
  mayAutoStart = (): boolean => this.autoStart;
  keyOf = (origin: string): Promise<string | undefined> => Promise.resolve(this.keys.get(origin));
  cliSignIn = (): Promise<CliSignIn | undefined> => Promise.resolve(this.cli);
  instanceBase = (): undefined => undefined;
  operations = (): Promise<AppOperations> => Promise.resolve(Object.create(null) as AppOperations);
  ownOrigin: string | undefined;
  readonly local = {
    owns: (origin: string): boolean => origin === this.ownOrigin,
    attach: (): Promise<RunningLocal | undefined> => Promise.resolve(this.running),
    start: (): Promise<RunningLocal> => {
      this.asked.push('start');
      if (this.startError !== undefined) return Promise.reject(this.startError);
      this.running ??= RUNNING;
      return Promise.resolve(this.running);
    },
  };
  readonly memory = {
    connection: (): Connection | undefined => this.chosen,
    setConnection: (connection: Connection | undefined): Promise<void> => {
      this.chosen = connection;
      return Promise.resolve();
    },
    app: (connection: Connection): string | undefined => this.chosenApps.get(connection.kind),
    setApp: (connection: Connection, id: string | undefined): Promise<void> => {
      if (id !== undefined) this.chosenApps.set(connection.kind, id);
      return Promise.resolve();
    },
    isTaken: (_connection: Connection, appId: string): boolean => this.taken.has(appId),
    mayShareKey: (from: string, to: string): boolean => this.shared.has(`${from} ${to}`),
    allowShareKey: (from: string, to: string): Promise<void> => {
      this.shared.add(`${from} ${to}`);
      return Promise.resolve();
    },
  };
  readonly prompts = {
    signIn: async (connection: Connection): Promise<boolean> => (await this.signsIn?.(connection)) ?? false,
    pickApp: (): Promise<App | undefined> => Promise.resolve(this.picks),
    shareKey: (): Promise<boolean> => Promise.resolve(this.sharesKey),
  };

  listApps = (address: PlatformAddress): Promise<readonly App[]> => {
    this.asked.push(`${address.origin} ${address.apiKey}`);
    return this.listing?.(address) ?? Promise.resolve(this.apps);
  };
}

suite('session', () => {
  test('asks nothing before somebody looks', async () => {
    const world = new World();
    const store = new SessionStore(world);
    await turn();
    assert.deepEqual(world.asked, []);
    assert.equal(store.current.kind, 'stopped');
  });

  test('a look starts the embedded platform and selects its only app', async () => {
    const world = new World();
    const store = new SessionStore(world);
    const seen = record(store);
    await store.look();
    assert.deepEqual(seen, ['connecting', 'ready']);
    const session = store.current;
    assert.ok(session.kind === 'ready');
    assert.equal(session.app, SHOP);
    assert.equal(session.connection.origin, RUNNING.url);
  });

  test('a look does not start it where that is off, in Restricted Mode, or without a folder', async () => {
    for (const [setting, kind] of [
      ['autoStart', 'stopped'],
      ['trusted', 'untrusted'],
      ['folder', 'noFolder'],
    ] as const) {
      const world = new World();
      world[setting] = false;
      const store = new SessionStore(world);
      await store.look();
      assert.equal(store.current.kind, kind);
      assert.deepEqual(world.asked, []);
    }
  });

  test('in Restricted Mode a platform that runs can be read', async () => {
    const world = new World();
    world.trusted = false;
    world.running = RUNNING;
    const store = new SessionStore(world);
    await store.look();
    assert.equal(store.current.kind, 'ready');
    assert.ok(!world.asked.includes('start'));
  });

  test('two apps and none chosen: no app; the choice is remembered', async () => {
    const world = new World();
    world.apps = [SHOP, BLOG];
    const store = new SessionStore(world);
    await store.look();
    assert.equal(store.current.kind, 'noApp');
    await store.useApp(BLOG);
    const again = new SessionStore(world);
    await again.look();
    assert.ok(again.current.kind === 'ready');
    assert.equal(again.current.app, BLOG);
  });

  test('the only app is not taken from another folder of the workspace', async () => {
    const world = new World();
    world.taken.add(SHOP.id);
    const store = new SessionStore(world);
    await store.look();
    assert.equal(store.current.kind, 'noApp');
  });

  test('another folder brings its own connection and app', async () => {
    const world = new World();
    world.apps = [SHOP, BLOG];
    world.chosenApps.set('local', SHOP.id);
    world.keys.set(HOSTED.origin, 'hosted-key');
    const store = new SessionStore(world);
    store.folderChanged();
    assert.deepEqual(world.asked, [], 'nobody has looked yet');
    await store.useConnection(LOCAL_CONNECTION);
    assert.deepEqual(place(store.current), ['local', SHOP]);
    // What the other folder remembers.
    world.chosen = HOSTED;
    world.chosenApps.set('remote', BLOG.id);
    store.folderChanged();
    assert.deepEqual(place((await store.ready()) as Session), ['remote', BLOG]);
  });

  test('the only app of a remote platform is not selected by itself', async () => {
    const world = new World();
    world.chosen = HOSTED;
    world.keys.set(HOSTED.origin, 'key');
    const store = new SessionStore(world);
    await store.look();
    assert.equal(store.current.kind, 'noApp');
  });

  test('who is signed in with the command line is signed in, with its app', async () => {
    const world = new World();
    world.apps = [SHOP, BLOG];
    world.cli = {
      origin: 'https://own.example.com',
      apiKey: 'cli-key',
      currentApp: 'app_2',
      askBefore: undefined,
    };
    const store = new SessionStore(world);
    await store.look();
    assert.deepEqual(world.asked, ['https://own.example.com cli-key']);
    assert.ok(store.current.kind === 'ready');
    assert.equal(store.current.app, BLOG);
  });

  test('a command line that is pointed at the embedded platform does not keep it from being started', async () => {
    const world = new World();
    world.apps = [SHOP, BLOG];
    world.ownOrigin = RUNNING.url;
    world.cli = { origin: RUNNING.url, apiKey: 'local-key', currentApp: 'app_2', askBefore: undefined };
    const store = new SessionStore(world);
    await store.look();
    assert.ok(store.current.kind === 'ready');
    assert.equal(store.current.connection.kind, 'local');
    assert.equal(store.current.app, BLOG);
    assert.ok(world.asked.includes('start'));
  });

  test("the home file's key goes to a folder's platform only after a yes, which is remembered", async () => {
    const world = new World();
    world.cli = {
      origin: 'https://folder.example.com',
      apiKey: 'home-key',
      currentApp: 'app_1',
      askBefore: 'https://api.butterbase.ai',
    };
    const store = new SessionStore(world);
    await store.look();
    assert.equal(store.current.kind, 'signedOut');
    assert.deepEqual(world.asked, []);
    await assert.rejects(store.ready(), { code: ERROR_CODES.cancelled });
    assert.deepEqual(world.asked, []);
    world.sharesKey = true;
    assert.equal((await store.ready()).app, SHOP);
    const again = new SessionStore(world);
    await again.look();
    assert.equal(again.current.kind, 'ready');
  });

  test('a refused key signs out and says why', async () => {
    const world = new World();
    world.chosen = HOSTED;
    world.keys.set(HOSTED.origin, 'revoked');
    world.listing = () => Promise.reject(doError('AUTH_INVALID_API_KEY', 401));
    const store = new SessionStore(world);
    await store.look();
    assert.ok(store.current.kind === 'signedOut');
    assert.equal(store.current.error?.code, 'AUTH_INVALID_API_KEY');
  });

  test('a command signs in, picks an app and is ready; the key of another window counts too', async () => {
    const world = new World();
    world.chosen = HOSTED;
    world.apps = [SHOP, BLOG];
    world.picks = BLOG;
    const store = new SessionStore(world);
    world.signsIn = async (connection) => {
      world.keys.set(connection.origin, 'key');
      await store.useConnection(connection);
      return true;
    };
    assert.equal((await store.ready()).app, BLOG);

    const other = new SessionStore(world);
    world.keys.clear();
    await other.look();
    assert.equal(other.current.kind, 'signedOut');
    world.keys.set(HOSTED.origin, 'key');
    other.keyChanged(HOSTED.origin);
    await other.look();
    assert.equal(other.current.kind, 'ready');
  });

  test('a platform that cannot be reached is tried once more by a command, then its error is thrown', async () => {
    const world = new World();
    world.listing = () => Promise.reject(doError(ERROR_CODES.unreachable));
    const store = new SessionStore(world);
    await store.look();
    assert.equal(store.current.kind, 'unreachable');
    await assert.rejects(store.ready(), { code: ERROR_CODES.unreachable });
    world.listing = undefined;
    assert.equal((await store.ready()).app, SHOP);
  });

  test('what the editor drops because the window closes is no failure', async () => {
    const world = new World();
    world.chosen = HOSTED;
    world.keyOf = () => Promise.reject(Object.assign(new Error('Canceled'), { name: 'Canceled' }));
    const store = new SessionStore(world);
    await store.look();
    assert.deepEqual(store.current, { kind: 'signedOut', connection: HOSTED });
  });

  test('an embedded platform that does not start leaves its reason', async () => {
    const world = new World();
    world.startError = doError(ERROR_CODES.localPlatform);
    const store = new SessionStore(world);
    await store.look();
    assert.ok(store.current.kind === 'stopped');
    assert.equal(store.current.error, world.startError);
    await assert.rejects(store.ready(), { code: ERROR_CODES.localPlatform });
  });

  test('an answer that comes after another choice is dropped', async () => {
    const world = new World();
    world.keys.set(HOSTED.origin, 'key');
    let answer: (apps: readonly App[]) => void = () => assert.fail('not asked');
    world.listing = ({ origin }) =>
      origin === RUNNING.url
        ? new Promise((resolve) => {
            answer = resolve;
          })
        : Promise.resolve([SHOP, BLOG]);
    const store = new SessionStore(world);
    const first = store.look();
    while (world.asked.length < 2) await turn();
    await store.useConnection(HOSTED);
    const chosen = store.current;
    assert.equal(chosen.kind, 'noApp');
    answer([SHOP]);
    await first;
    await turn();
    assert.equal(store.current, chosen);
  });

  test('follows the embedded platform: died, started again elsewhere, stopped', async () => {
    const world = new World();
    const store = new SessionStore(world);
    await store.look();
    store.localChanged({ kind: 'starting' });
    assert.equal(now(store).kind, 'connecting');
    world.running = { ...RUNNING, url: 'http://127.0.0.1:5000' };
    store.localChanged(world.running);
    await store.look();
    assert.ok(store.current.kind === 'ready');
    assert.equal(store.current.connection.origin, 'http://127.0.0.1:5000');
    store.localChanged({ kind: 'stopped' });
    assert.deepEqual(store.current, { kind: 'stopped', connection: LOCAL_CONNECTION });
  });

  test('an embedded platform that could not be reached is used when it runs again, at the same address', async () => {
    const world = new World();
    world.listing = () => Promise.reject(doError(ERROR_CODES.unreachable));
    const store = new SessionStore(world);
    await store.look();
    assert.equal(now(store).kind, 'unreachable');
    world.listing = undefined;
    store.localChanged(RUNNING);
    await store.look();
    assert.equal(now(store).kind, 'ready');
  });

  test('what happens to the embedded platform does not touch another connection', async () => {
    const world = new World();
    world.chosen = HOSTED;
    world.keys.set(HOSTED.origin, 'key');
    world.chosenApps.set('remote', 'app_1');
    const store = new SessionStore(world);
    await store.look();
    const before = store.current;
    assert.equal(before.kind, 'ready');
    store.localChanged({ kind: 'stopped' });
    store.localChanged(RUNNING);
    assert.equal(store.current, before);
  });

  test('another way to the platform is used at once, where there is something to reach', async () => {
    const world = new World();
    world.chosen = HOSTED;
    world.chosenApps.set('remote', 'app_1');
    const store = new SessionStore(world);
    store.networkChanged();
    assert.deepEqual(world.asked, [], 'nobody has looked');
    await store.look();
    assert.equal(store.current.kind, 'signedOut');
    store.networkChanged();
    assert.equal(now(store).kind, 'signedOut');
    world.keys.set(HOSTED.origin, 'key');
    world.listing = () => Promise.reject(new Error('no way'));
    await store.reconnect();
    assert.equal(now(store).kind, 'unreachable');
    world.listing = undefined;
    store.networkChanged();
    assert.equal((await store.ready()).connection.origin, HOSTED.origin);
  });

  test('trust that is granted later is used', async () => {
    const world = new World();
    world.trusted = false;
    const store = new SessionStore(world);
    await store.look();
    assert.equal(store.current.kind, 'untrusted');
    world.trusted = true;
    store.environmentChanged();
    await store.look();
    assert.equal(store.current.kind, 'ready');
  });
});

/** Its current value as it is at this moment: what was asserted before says nothing about it. */
function now(store: InstanceType<typeof SessionStore>): Session {
  return store.current;
}

function record(store: InstanceType<typeof SessionStore>): Session['kind'][] {
  const seen: Session['kind'][] = [];
  store.onDidChange((session) => seen.push(session.kind));
  return seen;
}

function place(session: Session): unknown {
  return session.kind === 'ready' ? [session.connection.kind, session.app] : session.kind;
}

function app(id: string, name: string): App {
  return { id, name, subdomain: name, region: undefined };
}

function doError(code: string, status?: number): DoError {
  return new DoError({ code, message: 'No.', nextStep: 'Yes.', ...(status === undefined ? {} : { status }) });
}
