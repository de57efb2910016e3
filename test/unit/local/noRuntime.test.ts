import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DoError } from '../../../src/core/errors.ts';
import { startLocalPlatform, type LocalPlatform } from '../../../src/local/platform.ts';
import { PlatformClient } from '../../../src/platform/client.ts';
import { findWorkerd } from '../../../src/local/workerdBinary.ts';

const counter = (step: number) => `export class Counter {
  constructor(private state: any, private env: any) {}
  async fetch(): Promise<Response> {
    const n = ((await this.state.storage.get('n')) ?? 0) + ${step};
    await this.state.storage.put('n', n);
    return new Response(n + ' ' + (this.env.GREETING ?? 'none'));
  }
}
`;

/** What can be the matter with the program, and what a person reads then. */
const FAULTS: readonly {
  readonly title: string;
  readonly apply: (program: string) => void;
  readonly message: RegExp;
  readonly nextStep: RegExp;
}[] = [
  {
    title: 'the program is gone',
    apply: (program) => rmSync(program),
    message: /program is missing/,
    nextStep: /Reinstall/,
  },
  {
    title: 'the program must not be executed',
    apply: (program) => chmodSync(program, 0o600),
    message: /must not be executed/,
    nextStep: /executable/,
  },
  {
    title: 'the program is made for another machine',
    apply: (program) =>
      writeFileSync(program, Buffer.from('7f454c4602010100000000000000000002003ee0', 'hex')),
    message: /does not run on/,
    nextStep: /made for/,
  },
  {
    title: 'a library of the program is missing',
    apply: (program) =>
      writeFileSync(
        program,
        '#!/bin/sh\necho "workerd: error while loading shared libraries: libc++.so" >&2\nexit 127\n',
      ),
    message: /does not run on/,
    nextStep: /made for/,
  },
  {
    title: 'it gets no port',
    apply: (program) =>
      writeFileSync(
        program,
        `#!/bin/sh\necho '{"timestamp":0,"level":"error","source":"x","message":"Socket \\"http\\": bind(): Permission denied"}' >&2\nexit 1\n`,
      ),
    message: /no port/,
    nextStep: /firewall/,
  },
  {
    title: 'something that nobody knows',
    apply: (program) => writeFileSync(program, '#!/bin/sh\nkill -9 $$\n'),
    message: /does not start on this machine.*SIGKILL/,
    nextStep: /log/,
  },
];

suite('a machine on which workerd does not start', function () {
  this.timeout(30_000);
  let folder: string;
  let program: string;
  let platform: LocalPlatform;

  suiteSetup(function () {
    // The program is a shell script here.
    if (process.platform === 'win32') this.skip();
  });

  setup(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bb-no-runtime-'));
    program = join(folder, 'workerd');
    repair();
    platform = await startLocalPlatform({
      stateDir: join(folder, 'state'),
      port: 0,
      workerd: program,
      log: () => undefined,
    });
  });

  teardown(async () => {
    await platform.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function repair(): void {
    rmSync(program, { force: true });
    writeFileSync(program, `#!/bin/sh\nexec "${findWorkerd()}" "$@"\n`, { mode: 0o755 });
  }

  for (const { title, apply, message, nextStep } of FAULTS) {
    test(`${title}: every change is refused, and everything stays as it was`, async () => {
      const { status } = await register(1);
      assert.equal(status, 200);
      await api('PUT', '/env/GREETING', { value: 'hello' });
      const before = await everything();
      assert.equal(before.answer, '1 hello');
      apply(program);

      for (const change of [
        () => register(10),
        () => register(10, 'second'),
        () => api('PUT', '/env/GREETING', { value: 'changed' }),
        () => api('PUT', '/env/OTHER', { value: 'x' }),
        () => api('DELETE', '/env/GREETING'),
        () => api('DELETE', '/counter'),
      ]) {
        const { status, body } = await change();
        const error = body['error'] as { code: string; message: string; remediation: string };
        assert.deepEqual([status, error.code], [503, 'LOCAL_PLATFORM']);
        assert.match(error.message, message);
        assert.match(error.message, /Nothing was changed\.$/);
        assert.match(error.remediation, nextStep);
      }
      const [app] = platform.apps;
      const client = new PlatformClient({ origin: platform.url, apiKey: platform.apiKey });
      const refused = client.setEnv(app?.id ?? '', 'OTHER', 'x').finally(() => client.close());
      await assert.rejects(refused, (error) => error instanceof DoError && nextStep.test(error.nextStep));
      // What ran still runs, and counts on.
      assert.deepEqual(await everything(), { ...before, answer: '2 hello' });

      repair();
      assert.equal((await register(10)).status, 200);
      assert.equal((await everything()).answer, '12 hello', 'and its storage is all there');
    });
  }

  function register(step: number, name = 'counter') {
    const code = name === 'counter' ? counter(step) : 'export class Second {}';
    return api('POST', '', { name, code, access_mode: 'public' });
  }

  async function everything() {
    const [app] = platform.apps;
    assert.ok(app);
    const answer = await (await fetch(`${app.origin}/_do/counter/a`)).text();
    return {
      answer,
      counter: (await api('GET', '/counter')).body,
      classes: (await api('GET', '')).body,
      env: (await api('GET', '/env')).body,
    };
  }

  async function api(method: string, path: string, body?: unknown) {
    const [app] = platform.apps;
    const response = await fetch(`${platform.url}/v1/${app?.id ?? ''}/durable-objects${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${platform.apiKey}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
});
