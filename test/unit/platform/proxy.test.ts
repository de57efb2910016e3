import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect, promisify } from 'node:util';
import { DoError } from '../../../src/core/errors.ts';
import { PlatformClient } from '../../../src/platform/client.ts';
import { proxyFor, type ProxySettings } from '../../../src/platform/proxy.ts';
import { TestProxy } from '../../rig/testProxy.ts';
import { FakePlatform, json, KEY } from './fakePlatform.ts';

const TLS = join(import.meta.dirname, '..', '..', 'fixtures', 'tls');
const APP = { id: 'app_1', name: 'one', subdomain: 'one', region: 'us-east-1' };

suite('which proxy', () => {
  const HOSTED = 'https://api.butterbase.ai';

  function of(
    origin: string,
    settings: ProxySettings = {},
    env: Record<string, string> = {},
  ): string | undefined {
    return proxyFor(origin, settings, env)?.origin;
  }

  test('the setting goes before the environment; an empty one does not count', () => {
    const env = { HTTPS_PROXY: 'http://env:3128' };
    assert.equal(of(HOSTED, { url: 'http://set:8080' }, env), 'http://set:8080');
    assert.equal(of(HOSTED, { url: ' ' }, env), 'http://env:3128');
    assert.equal(of(HOSTED), undefined);
  });

  test('the variable of the scheme, lower case first; HTTP_PROXY also for https', () => {
    const env = {
      http_proxy: 'http://plain:1',
      HTTPS_PROXY: 'http://upper:2',
      https_proxy: 'https://lower:3',
    };
    assert.equal(of(HOSTED, {}, env), 'https://lower:3');
    assert.equal(of('http://x.example', {}, env), 'http://plain:1');
    assert.equal(of(HOSTED, {}, { HTTP_PROXY: 'plain:1' }), 'http://plain:1');
    assert.equal(of('http://x.example', {}, { HTTPS_PROXY: 'http://x' }), undefined);
  });

  test('never for this machine', () => {
    for (const origin of [
      'http://127.0.0.1:4000',
      'http://localhost:1',
      'https://a.localhost',
      'http://[::1]:1',
    ]) {
      assert.equal(of(origin, { url: 'http://set:8080' }, { HTTP_PROXY: 'http://env:1' }), undefined, origin);
    }
  });

  const exceptions: readonly (readonly [exception: string, isCovered: boolean])[] = [
    ['*', true],
    ['api.butterbase.ai', true],
    ['butterbase.ai', true],
    ['.butterbase.ai', true],
    ['*.butterbase.ai', true],
    ['API.Butterbase.AI', true],
    ['api.butterbase.ai:443', true],
    ['api.butterbase.ai:8443', false],
    ['terbase.ai', false],
    ['butterbase', false],
    ['', false],
    ['localhost, butterbase.ai', true],
    ['localhost  api.butterbase.ai', true],
  ];
  for (const [exception, isCovered] of exceptions) {
    test(`NO_PROXY="${exception}" ${isCovered ? 'covers' : 'does not cover'} ${HOSTED}`, () => {
      const expected = isCovered ? undefined : 'http://p:1';
      assert.equal(of(HOSTED, { url: 'http://p:1' }, { NO_PROXY: exception }), expected);
      assert.equal(of(HOSTED, { url: 'http://p:1', noProxy: exception.split(',') }), expected);
    });
  }

  test('user name and password go into the header, the setting for it goes before them', () => {
    const url = 'http://j%C3%B6rg:p%40ss@proxy:3128';
    const basic = `Basic ${Buffer.from('jörg:p@ss').toString('base64')}`;
    assert.deepEqual(proxyFor(HOSTED, { url }), {
      origin: 'http://proxy:3128',
      authorization: basic,
      checksCertificates: true,
    });
    assert.equal(proxyFor(HOSTED, { url, authorization: 'Negotiate x' })?.authorization, 'Negotiate x');
  });

  test('a password with a percent sign that stands for nothing is taken as it is', () => {
    const basic = `Basic ${Buffer.from('me:100%!').toString('base64')}`;
    assert.equal(proxyFor(HOSTED, { url: 'http://me:100%!@proxy:3128' })?.authorization, basic);
  });

  for (const url of [
    'http://me:secret@x:y',
    'http://me:secret/secret@x:1',
    'http://me:a@secret@:y',
    'file:///x',
  ]) {
    test(`what no proxy can be is said, without its password: ${url}`, () => {
      assert.throws(
        () => proxyFor(HOSTED, { url }),
        (error: unknown) =>
          error instanceof DoError && error.code === 'BAD_CONFIG' && !inspect(error).includes('secret'),
      );
    });
  }

  for (const url of ['socks5://me:secret@x:1', 'socks://x:1', 'SOCKS4a://x:1', 'socks5h://x:1']) {
    test(`${url} is said to be SOCKS, and what to do instead`, () => {
      assert.throws(
        () => proxyFor(HOSTED, {}, { HTTPS_PROXY: url }),
        (error: unknown) => {
          assert.ok(error instanceof DoError);
          assert.equal(error.code, 'BAD_CONFIG');
          assert.match(error.message, /SOCKS proxy, and those cannot be used/);
          assert.match(error.nextStep, /http\.proxy.*HTTPS_PROXY.*HTTP proxy/);
          return !inspect(error).includes('secret');
        },
      );
    });
  }

  test('SOCKS is no matter for this machine and for what needs no proxy', () => {
    const url = 'socks5://x:1';
    assert.equal(of('http://127.0.0.1:4000', { url }), undefined);
    assert.equal(of(HOSTED, { url, noProxy: ['butterbase.ai'] }), undefined);
  });
});

suite('platform client through a proxy', () => {
  const open: { close(): Promise<void> }[] = [];
  let proxy: TestProxy;

  setup(async () => {
    proxy = await TestProxy.start();
    open.push(proxy);
  });

  teardown(async () => {
    for (const part of open.splice(0).reverse()) await part.close();
  });

  function clientOf(origin: string, settings: ProxySettings = { url: proxy.url }): PlatformClient {
    const client = new PlatformClient({ origin, apiKey: KEY }, { timeoutMs: 5000, proxy: settings });
    open.push(client);
    return client;
  }

  async function plainPlatform(): Promise<FakePlatform> {
    const platform = await FakePlatform.start((request, response) =>
      json(response, 200, request.method === 'GET' ? { apps: [APP] } : { deleted: true }),
    );
    open.push(platform);
    proxy.hosts.set('platform.test', Number(new URL(platform.origin).port));
    return platform;
  }

  async function encryptedPlatform(): Promise<Server> {
    const server = createServer(
      {
        key: readFileSync(join(TLS, 'platform.test.key')),
        cert: readFileSync(join(TLS, 'platform.test.crt')),
      },
      (_request, response) => json(response, 200, { apps: [APP] }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({
      close: async () => {
        server.closeAllConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
      },
    });
    proxy.hosts.set('platform.test', (server.address() as AddressInfo).port);
    return server;
  }

  async function errorOf(promise: Promise<unknown>): Promise<DoError> {
    const error: unknown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof DoError, `a DoError, not ${String(error)}`);
    assert.ok(!inspect(error, { depth: 10 }).includes('secret'), 'no error holds the proxy’s password');
    return error;
  }

  test('an unencrypted platform gets its requests as they are, with the proxy’s sign-in kept from it', async () => {
    const platform = await plainPlatform();
    const client = clientOf('http://platform.test/base', { url: proxy.url.replace('//', '//me:secret@') });
    assert.deepEqual(await client.listApps(), [APP]);
    await client.delete('app_1', 'chat-room');
    assert.deepEqual(
      proxy.seen.map(({ line }) => line),
      [
        'GET http://platform.test/base/apps',
        'DELETE http://platform.test/base/v1/app_1/durable-objects/chat-room',
      ],
    );
    assert.equal(proxy.seen[0]?.authorization, `Basic ${Buffer.from('me:secret').toString('base64')}`);
    assert.equal(platform.received[0]?.headers.host, 'platform.test');
    assert.equal(platform.received[0].path, '/base/apps');
    await client.close();
    while (proxy.openSockets > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  for (const [title, variable] of [
    ['that Node was told to trust', 'NODE_EXTRA_CA_CERTS'],
    ['that the machine trusts', 'SSL_CERT_FILE'],
  ] as const) {
    test(`an encrypted platform with a certificate ${title} is reached through a tunnel, and the proxy sees neither key nor path`, async function () {
      if (variable === 'SSL_CERT_FILE' && process.platform !== 'linux') this.skip();
      await encryptedPlatform();
      const program = join(import.meta.dirname, 'listingProcess.ts');
      const args = [program, 'https://platform.test', KEY];
      const { stdout } = await promisify(execFile)(process.execPath, args, {
        env: {
          ...process.env,
          [variable]: join(TLS, 'platform.test.crt'),
          HTTPS_PROXY: proxy.url.replace('//', '//me:secret@'),
          https_proxy: '',
          NO_PROXY: '',
          no_proxy: '',
        },
      });
      assert.deepEqual(JSON.parse(stdout), [APP]);
      const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`;
      assert.deepEqual(new Set(proxy.seen.map((seen) => JSON.stringify(seen))).size, 1);
      assert.deepEqual(proxy.seen[0], { line: 'CONNECT platform.test:443', authorization });
    });
  }

  test('a certificate that is not trusted is said to be the platform’s', async () => {
    await encryptedPlatform();
    const error = await errorOf(clientOf('https://platform.test').listApps());
    assert.equal(error.code, 'UNREACHABLE');
    assert.match(error.message, /certificate of https:\/\/platform\.test is not trusted/);
  });

  test('where certificates are not to be checked, any will do; without a proxy they are checked', async () => {
    const server = await encryptedPlatform();
    const settings = { url: proxy.url, checksCertificates: false };
    assert.deepEqual(await clientOf('https://platform.test', settings).listApps(), [APP]);
    assert.deepEqual(
      proxy.seen.map(({ line }) => line),
      ['CONNECT platform.test:443'],
    );
    const { port } = server.address() as AddressInfo;
    const error = await errorOf(clientOf(`https://localhost:${port}`, settings).listApps());
    assert.match(error.message, /certificate of .* is not trusted/);
  });

  test('the embedded platform is never asked through it', async () => {
    const platform = await plainPlatform();
    assert.deepEqual(await clientOf(platform.origin).listApps(), [APP]);
    assert.deepEqual(proxy.seen, []);
  });

  for (const origin of ['http://platform.test', 'https://platform.test']) {
    test(`a proxy that wants a sign-in says so, for ${origin}`, async () => {
      proxy.signIn = 'me:secret';
      const error = await errorOf(clientOf(origin).listApps());
      assert.equal(error.code, 'UNREACHABLE');
      assert.match(error.message, /The proxy http:\/\/127\.0\.0\.1:\d+ wants a user name and password/);
      assert.match(error.nextStep, /Put them into .*http\.proxy/);
      assert.equal(proxy.seen.length, 1);
    });

    test(`a proxy that does not take the sign-in says so, for ${origin}`, async () => {
      proxy.signIn = 'me:another';
      const client = clientOf(origin, { url: proxy.url.replace('//', '//me:secret@') });
      const error = await errorOf(client.listApps());
      assert.equal(error.code, 'UNREACHABLE');
      assert.match(error.message, /does not take the user name and password/);
      assert.match(error.nextStep, /Correct them in .*http\.proxy/);
      assert.equal(proxy.seen.length, 1);
    });

    test(`a proxy that is not there is named, for ${origin}`, async () => {
      const client = clientOf(origin, { url: 'http://127.0.0.1:1' });
      for (const call of [() => client.listApps(), () => client.delete('app_1', 'a')]) {
        const error = await errorOf(call());
        assert.equal(error.code, 'UNREACHABLE');
        assert.match(error.message, /at the proxy http:\/\/127\.0\.0\.1:1/);
        assert.match(error.nextStep, /http\.proxy/);
      }
    });
  }

  test('a proxy that opens no tunnel to the platform: nothing of a change went out', async () => {
    for (const [status, sent] of [
      [403, 1],
      [502, 4],
    ] as const) {
      proxy.refuseWith = status;
      proxy.seen.length = 0;
      const error = await errorOf(clientOf('https://platform.test').delete('app_1', 'a'));
      assert.equal(error.code, 'UNREACHABLE');
      assert.match(
        error.message,
        new RegExp(`did not open a connection to https://platform\\.test \\(${status}\\)`),
      );
      assert.equal(proxy.seen.length, sent);
    }
  });

  test('a proxy that answers a change for the platform leaves open what happened', async () => {
    await plainPlatform();
    proxy.refuseWith = 502;
    const error = await errorOf(clientOf('http://platform.test').delete('app_1', 'a'));
    assert.equal(error.code, 'ANSWER_LOST');
    assert.match(error.message, /A proxy before http:\/\/platform\.test answered 502/);
    assert.equal(proxy.seen.length, 1);
  });
});
