import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandLine, counter } from './commandLine.ts';

interface Failed {
  readonly error: { readonly code: string; readonly message: string; readonly nextStep: string };
}

suite('command line: platform, key and app', function () {
  this.timeout(120_000);
  const cli = new CommandLine();

  suiteSetup(() => cli.start());
  suiteTeardown(() => cli.stop());
  setup(() => cli.begin());

  function config(folder: string, value: object): void {
    mkdirSync(join(folder, '.butterbase'), { recursive: true });
    writeFileSync(join(folder, '.butterbase', 'config.json'), JSON.stringify(value));
  }

  const NO_ENV = {
    BUTTERBASE_ENDPOINT: undefined,
    BUTTERBASE_API_KEY: undefined,
    BUTTERBASE_APP_ID: undefined,
  };

  test('without a key, with a wrong one, and for an app that is not there', async () => {
    const none = await cli.json<Failed>(['status'], { env: { BUTTERBASE_API_KEY: '' } });
    assert.equal(none.code, 4);
    assert.equal(none.document.error.code, 'NOT_SIGNED_IN');
    assert.match(none.document.error.nextStep, /BUTTERBASE_API_KEY/);

    const key = `bb_sk_${'0'.repeat(40)}`;
    const wrong = await cli.json<Failed>(['status'], { env: { BUTTERBASE_API_KEY: key } });
    assert.equal(wrong.code, 4);
    assert.equal(wrong.document.error.code, 'AUTH_INVALID_API_KEY');
    assert.ok(!`${wrong.out}${wrong.err}`.includes(key));

    const app = await cli.json<Failed>(['status', '--app', 'app_nothing']);
    assert.equal(app.code, 1);
    assert.equal(app.document.error.code, 'NO_SUCH_APP');
    const unnamed = await cli.json<Failed>(['status'], { env: { BUTTERBASE_APP_ID: undefined } });
    assert.equal(unnamed.code, 2);
    assert.match(unnamed.document.error.message, /No app is named\. There are on .*app-1 \(app_/);
  });

  test('a platform that is not there', async () => {
    const server = http.createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    const env = { BUTTERBASE_ENDPOINT: `http://127.0.0.1:${port}` };
    const ran = await cli.json<Failed>(['plan'], { env });
    assert.equal(ran.code, 2, 'there is no manifest');
    cli.classes({ counter: counter('Counter') });
    const away = await cli.json<Failed>(['plan'], { env });
    assert.equal(away.code, 5);
    assert.equal(away.document.error.code, 'UNREACHABLE');
    assert.match(away.err, /^Error: .*refused/);
  });

  test("Butterbase's own config files, the folder's over the home's, found from a folder below", async () => {
    config(cli.home, { endpoint: cli.platform.url, apiKey: cli.platform.apiKey, currentApp: 'app_other' });
    config(cli.project, { currentApp: cli.appId });
    cli.classes({ counter: counter('Counter') });
    const ran = await cli.json<{ app: { id: string }; classes: { sync: string }[] }>(['status'], {
      env: NO_ENV,
      below: 'durable-objects',
    });
    assert.equal(ran.code, 0, ran.err);
    assert.equal(ran.document.app.id, cli.appId);
    assert.deepEqual(
      ran.document.classes.map(({ sync }) => sync),
      ['notDeployed'],
    );
  });

  test('the key of the home folder does not go where a folder points, unless that is said', async () => {
    const heard: (string | undefined)[] = [];
    const server = http.createServer((request, response) => {
      heard.push(request.headers.authorization);
      response
        .writeHead(401, { 'content-type': 'application/json' })
        .end('{"error":{"code":"X","message":"no"}}');
    });
    server.listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const foreign = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      config(cli.home, { endpoint: cli.platform.url, apiKey: cli.platform.apiKey });
      config(cli.project, { endpoint: foreign, currentApp: cli.appId });
      const refused = await cli.json<Failed>(['status'], { env: NO_ENV });
      assert.equal(refused.code, 4);
      assert.equal(refused.document.error.code, 'UNTRUSTED_ENDPOINT');
      const withKey = await cli.json<Failed>(['status'], {
        env: { ...NO_ENV, BUTTERBASE_API_KEY: cli.platform.apiKey },
      });
      assert.equal(withKey.document.error.code, 'UNTRUSTED_ENDPOINT');
      assert.deepEqual(heard, []);
      const trusted = await cli.json<Failed>(['status', '--trust-endpoint'], { env: NO_ENV });
      assert.equal(trusted.code, 4);
      assert.deepEqual(heard, [`Bearer ${cli.platform.apiKey}`]);
    } finally {
      server.close();
    }
  });

  test('--local finds the embedded platform by its state folder; with another folder there is none', async () => {
    const env = NO_ENV;
    const ran = await cli.json<{ platform: string }>(
      ['status', '--local', '--state', cli.stateDir, '--app', cli.appId],
      { env },
    );
    assert.equal(ran.code, 0, ran.err);
    assert.equal(ran.document.platform, cli.platform.url);
    const none = await cli.json<Failed>(['status', '--local', '--state', join(cli.home, 'none')], { env });
    assert.equal(none.code, 1);
    assert.equal(none.document.error.code, 'LOCAL_PLATFORM');
  });

  test('addresses of instances on a platform of one’s own, once its domain is said', async () => {
    interface Status {
      readonly classes: readonly { readonly url: string | null }[];
    }
    cli.classes({ counter: counter('Counter') });
    assert.equal((await cli.run('deploy')).code, 0);
    const said = async (domain: string): Promise<string | null | undefined> => {
      const ran = await cli.json<Status>(['status'], { env: { BUTTERBASE_APPS_DOMAIN: domain } });
      return ran.document.classes[0]?.url;
    };
    assert.match(
      (await said('https://*.apps.example.com')) ?? '',
      /^https:\/\/[\w-]+\.apps\.example\.com\/_do\/counter\/<instance-id>$/,
    );
    assert.match((await said('')) ?? '', /^http:\/\/127\.0\.0\.1:\d+\/_do\/counter/);
    const wrong = await cli.json<Failed>(['status'], { env: { BUTTERBASE_APPS_DOMAIN: 'a/b' } });
    assert.deepEqual([wrong.code, wrong.document.error.code], [2, 'INVALID_INPUT']);
  });

  test('a deploy on a machine without a home folder, or with one that cannot be written', async () => {
    cli.classes({ counter: counter('Counter') });
    const fallback = join(tmpdir(), `butterbase-durable-objects-${process.getuid?.() ?? 'user'}`);
    const wasThere = existsSync(fallback);
    try {
      for (const [step, home] of ['/dev/null', join(cli.home, 'not', 'there'), undefined].entries()) {
        cli.write('durable-objects/counter.ts', counter('Counter', step + 1));
        const ran = await cli.begun(['deploy'], {
          env: { HOME: home, BUTTERBASE_DO_HOME: home === undefined ? join(cli.home, 'ci') : undefined },
        }).ended;
        assert.equal(ran.code, 0, ran.err);
        assert.equal(ran.err.includes('cannot be written'), home === '/dev/null', String(home));
        if (home === undefined) continue;
        const status = await cli.begun(['status'], { env: { HOME: home } }).ended;
        assert.equal(status.code, 0, status.err);
      }
    } finally {
      if (!wasThere) rmSync(fallback, { recursive: true, force: true });
    }
    const unusable = await cli.json<Failed>(['deploy'], { env: { BUTTERBASE_DO_HOME: '/dev/null/x' } });
    assert.equal(unusable.code, 2);
    assert.equal(unusable.document.error.code, 'BAD_CONFIG');
  });

  test('options that cannot be understood end with 2 and leave stdout to JSON', async () => {
    const wrong = [
      ['plan', '--nope'],
      ['deploy', '--app', ''],
      ['status', '--state', 'x'],
      ['status', '--local', '--endpoint', 'x'],
      ['env', 'sett', 'A=b'],
      ['history', 'show'],
      ['delete'],
    ];
    await Promise.all(
      wrong.map(async (args) => {
        const ran = await cli.json<Failed>(args);
        assert.equal(ran.code, 2, args.join(' '));
        assert.equal(ran.document.error.code, 'USAGE', args.join(' '));
        assert.match(ran.err, /--help/);
      }),
    );
    assert.equal((await cli.json<Failed>(['frobnicate'])).document.error.code, 'USAGE');
    const nothing = await cli.run('frobnicate');
    assert.equal(nothing.code, 2);
    assert.equal(nothing.out, '');
  });

  test('every command explains itself', async () => {
    const documented = readFileSync(join(import.meta.dirname, '../../../docs/command-line.md'), 'utf8');
    await Promise.all(
      ['status', 'plan', 'deploy', 'delete', 'env', 'history'].map(async (command) => {
        const ran = await cli.run(command, '--help');
        assert.equal(ran.code, 0);
        assert.match(ran.out, new RegExp(`^Usage: cli ${command}`));
        assert.equal(ran.err, '');
        for (const [option] of ran.out.matchAll(/--[a-z]+(?:-[a-z]+)*/g)) {
          assert.ok(documented.includes(option), `${option} of ${command} is in docs/command-line.md`);
        }
      }),
    );
  });
});
