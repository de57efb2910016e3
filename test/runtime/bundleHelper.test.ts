import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import { buildModule } from '../../src/core/bundle/buildModule.ts';
import { loadModule, type LoadedModule } from './bundleWorkerd.ts';

/** Calls what the query says: `?call=[method, ...arguments]`. */
const CALLER = `export class Caller {
  constructor(private state: any, private env: any) {}
  async fetch(request: Request) {
    const [method, ...args] = JSON.parse(new URL(request.url).searchParams.get('call')!);
    try {
      return await butterbase.ctx(request, this.env, this.state)[method](...args);
    } catch (error) {
      return new Response((error as Error).message, { status: 599 });
    }
  }
}`;

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

suite('butterbase.ctx calls', function () {
  this.timeout(20_000);
  const received: Received[] = [];
  let server: Server;
  let base = '';
  let loaded: LoadedModule;

  suiteSetup(async () => {
    server = createServer((incoming, outgoing) => {
      let body = '';
      incoming.setEncoding('utf8').on('data', (part: string) => (body += part));
      incoming.on('end', () => {
        received.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body });
        outgoing.writeHead(201).end('answer');
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    loaded = await load({
      BUTTERBASE_APP_ID: 'app_1',
      BUTTERBASE_API_URL: base,
      BUTTERBASE_INTERNAL_FN_KEY: 'fnkey',
      DO_INVOKER_URL: base,
      DO_INVOKER_TOKEN: 'invoker',
    });
  });
  suiteTeardown(async () => {
    await loaded.stop();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  async function call(
    args: readonly unknown[],
    headers: Record<string, string> = {},
    on = loaded,
  ): Promise<string> {
    const query = encodeURIComponent(JSON.stringify(args));
    const response = await fetch(`http://127.0.0.1:${on.ports['http'] ?? 0}/_do/caller/a?call=${query}`, {
      headers,
    });
    return `${response.status} ${await response.text()}`;
  }

  test('invokeDO asks the invoker, with the identity of the caller', async () => {
    const answer = await call(['invokeDO', 'room', 'a b', { x: 1 }], {
      'x-butterbase-caller-user': 'u1',
      'x-butterbase-internal-caller': 'fn:f',
      'x-butterbase-loop-depth': '1',
    });
    assert.equal(answer, '201 answer');
    const got = received.pop();
    assert.deepEqual([got?.method, got?.url, got?.body], ['POST', '/invoke', '{"x":1}']);
    assert.deepEqual(platformHeaders(got), {
      authorization: 'Bearer invoker',
      'content-type': 'application/json',
      'x-butterbase-app': 'app_1',
      'x-butterbase-caller-user': 'u1',
      'x-butterbase-class': 'room',
      'x-butterbase-instance': 'a b',
      'x-butterbase-internal-caller': 'fn:f',
      'x-butterbase-loop-depth': '2',
    });
  });

  test('invoke asks the function of the app', async () => {
    await call(['invoke', 'send mail', 'text']);
    const got = received.pop();
    assert.deepEqual([got?.method, got?.url, got?.body], ['POST', '/v1/app_1/fn/send%20mail', 'text']);
    assert.deepEqual(platformHeaders(got), {
      authorization: 'Bearer fnkey',
      'content-type': 'application/json',
      'x-butterbase-caller-user': '',
      'x-butterbase-internal-caller': 'do:unknown',
      'x-butterbase-loop-depth': '1',
    });
  });

  test('own headers are sent, but do not replace those of the platform; GET has no body', async () => {
    await call([
      'invokeDO',
      'room',
      'a',
      { x: 1 },
      { method: 'GET', headers: { 'x-own': 'y', authorization: 'mine' } },
    ]);
    const got = received.pop();
    assert.deepEqual([got?.method, got?.body, got?.headers['x-own']], ['GET', '', 'y']);
    assert.equal(got?.headers.authorization, 'Bearer invoker');
  });

  test('the fifth call of a chain is refused', async () => {
    assert.match(await call(['invokeDO', 'room', 'a'], { 'x-butterbase-loop-depth': '3' }), /^201/);
    received.pop();
    assert.match(
      await call(['invokeDO', 'room', 'a'], { 'x-butterbase-loop-depth': '4' }),
      /^599 ctx\.invokeDO .*loop/,
    );
    assert.match(await call(['invoke', 'f'], { 'x-butterbase-loop-depth': '4' }), /^599 ctx\.invoke .*loop/);
    assert.deepEqual(received, []);
  });

  test("without the platform's keys both say what is missing", async () => {
    const bare = await load({});
    try {
      assert.match(
        await call(['invokeDO', 'room', 'a'], {}, bare),
        /^599 ctx\.invokeDO needs DO_INVOKER_URL/,
      );
      assert.match(await call(['invoke', 'f'], {}, bare), /^599 ctx\.invoke needs the function key/);
    } finally {
      await bare.stop();
    }
  });
});

function platformHeaders(got: Received | undefined): Record<string, unknown> {
  const wanted = Object.entries(got?.headers ?? {}).filter(([name]) =>
    /^(?:x-butterbase-|authorization|content-type)/.test(name),
  );
  return Object.fromEntries(wanted.sort(([a], [b]) => a.localeCompare(b)));
}

async function load(env: Record<string, string>): Promise<LoadedModule> {
  const loaded = await loadModule(buildModule([{ name: 'caller', code: CALLER, accessMode: 'public' }]), {
    env,
  });
  if (typeof loaded === 'string') throw new Error(loaded);
  return loaded;
}
