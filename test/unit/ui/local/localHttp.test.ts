import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setup, suite, teardown, test } from 'mocha';
import { localRequest, openEvents, type LocalAddress } from '../../../../src/ui/local/localHttp.ts';
import { deployLine, parseLocalEvent } from '../../../../src/ui/local/localEvents.ts';
import { lastLines, parseReady } from '../../../../src/ui/local/localProcess.ts';

suite('talking to the embedded platform', () => {
  let server: http.Server;
  let answer: http.RequestListener;
  let address: LocalAddress;

  setup(async () => {
    server = http.createServer((request, response) => answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey: 'the-key' };
  });

  teardown(() => {
    server.closeAllConnections();
    server.close();
  });

  test('sends the key and JSON, and reads JSON', async () => {
    answer = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () =>
        response.end(
          JSON.stringify([request.method, request.headers.authorization, Buffer.concat(chunks).toString()]),
        ),
      );
    };
    assert.deepEqual(await localRequest(address, 'POST', '/_local/x', 1000, { replace: true }), [
      'POST',
      'Bearer the-key',
      '{"replace":true}',
    ]);
  });

  test("an error keeps the platform's words", async () => {
    answer = (_request, response) => {
      response.statusCode = 409;
      response.end(
        JSON.stringify({ error: { code: 'STORAGE_EXISTS', message: 'It is there.', remediation: 'Ask.' } }),
      );
    };
    await assert.rejects(localRequest(address, 'POST', '/x'), {
      code: 'STORAGE_EXISTS',
      message: 'It is there.',
      nextStep: 'Ask.',
      status: 409,
    });
  });

  test('silence and a closed port are errors of their own', async () => {
    answer = () => undefined;
    await assert.rejects(localRequest(address, 'GET', '/x', 50), { code: 'TIMEOUT' });
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await assert.rejects(localRequest(address, 'GET', '/x'), { code: 'UNREACHABLE' });
  });

  test('events come whole however they are cut, pings do not, and the end is said once', async () => {
    answer = (_request, response) => {
      response.write('{"type":"ping"}\n{"type":"st');
      setImmediate(() => {
        response.write('ate"}\n{"type":"log","text":"a"}\nnot json\n');
        response.end();
      });
    };
    const events: unknown[] = [];
    await new Promise<void>((resolve) => {
      openEvents(address, (event) => events.push(event), resolve);
    });
    assert.deepEqual(events, [{ type: 'state' }, { type: 'log', text: 'a' }]);
  });

  test('a stream that is closed here does not say that it ended', async () => {
    const closed = new Promise<void>((resolve) => {
      answer = (request, response) => {
        request.on('close', resolve);
        response.write('{"type":"state"}\n');
      };
    });
    const stream = openEvents(
      address,
      () => stream.close(),
      () => assert.fail('said that it ended'),
    );
    await closed;
  });
});

suite('what the embedded platform says', () => {
  test('the line of a start is read when it is whole', () => {
    const line = JSON.stringify({
      url: 'http://127.0.0.1:4000',
      apiKey: 'bb_sk_x',
      apps: [{ id: 'app_1', name: 'local-app', subdomain: 's', origin: 'http://127.0.0.1:4001/' }],
    });
    assert.equal(parseReady(line), undefined);
    assert.equal(parseReady(''), undefined);
    assert.deepEqual(parseReady(`noise\n${line}\n`), {
      url: 'http://127.0.0.1:4000',
      apiKey: 'bb_sk_x',
      apps: [{ id: 'app_1', name: 'local-app', origin: 'http://127.0.0.1:4001' }],
    });
  });

  test('an address that is not on this machine is not believed', () => {
    assert.equal(parseReady('{"url":"http://evil.example.com:80","apiKey":"k","apps":[]}\n'), undefined);
  });

  test('of a crash only the error is told, of anything else what was said', () => {
    const crash = [
      'node:internal/modules/cjs/loader:1215',
      '  throw err;',
      "Error: Cannot find module '/x/cli.js'",
      '    at Module._resolveFilename (node:internal/modules/cjs/loader:1212:15)',
      'Node.js v24.0.0',
    ].join('\n');
    assert.equal(lastLines(crash), "Error: Cannot find module '/x/cli.js'");
    assert.equal(
      lastLines('(node:12) ExperimentalWarning: SQLite\nNo workerd for this system.\nInstall it.\n'),
      'No workerd for this system. Install it.',
    );
  });

  test('events that are not known are left out', () => {
    assert.equal(parseLocalEvent({ type: 'later' }), undefined);
    assert.equal(parseLocalEvent('state'), undefined);
    assert.deepEqual(parseLocalEvent({ type: 'log', level: 'log', text: 'hi' }), {
      type: 'log',
      level: 'info',
      text: 'hi',
    });
  });

  test('a failed deploy is logged with its reason', () => {
    const event = parseLocalEvent({
      type: 'deploy',
      appId: 'app_1',
      ok: false,
      classes: ['a', 7],
      message: 'No.',
      ms: 3,
    });
    assert.ok(event?.type === 'deploy');
    assert.equal(deployLine(event), 'The deploy of a to app_1 failed: No.');
  });

  test('a deploy is logged with the app by name and what caused it', () => {
    const lines: Record<string, string> = {
      classDeployed: 'Deployed a, b to chat in 3 ms, because b was deployed.',
      classDeleted: 'Deployed a, b to chat in 3 ms, because b was deleted.',
      variableSet: 'Deployed a, b to chat in 3 ms, because the variable b was set.',
      variableDeleted: 'Deployed a, b to chat in 3 ms, because the variable b was deleted.',
      later: 'Deployed a, b to chat in 3 ms.',
    };
    for (const [kind, line] of Object.entries(lines)) {
      const event = parseLocalEvent({
        type: 'deploy',
        appId: 'app_1',
        appName: 'chat',
        ok: true,
        cause: { kind, name: 'b' },
        classes: ['a', 'b'],
        ms: 3,
      });
      assert.ok(event?.type === 'deploy');
      assert.equal(deployLine(event), line);
    }
  });
});
