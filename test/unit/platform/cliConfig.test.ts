import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { DoError } from '../../../src/core/errors.ts';
import { CLI_CONFIG_PATH, readCliConfig } from '../../../src/platform/cliConfig.ts';
import { KEY } from './fakePlatform.ts';

suite("the platform's command line: its config files", () => {
  let root: string;
  let home: string;
  let folder: string;

  setup(async () => {
    root = await mkdtemp(join(tmpdir(), 'bb-config-'));
    home = join(root, 'home');
    folder = join(root, 'project');
  });

  teardown(async () => rm(root, { recursive: true, force: true }));

  async function write(base: string, content: unknown): Promise<string> {
    const file = join(base, CLI_CONFIG_PATH);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  }

  test('neither is there', async () => {
    assert.equal(await readCliConfig(folder, home), undefined);
    assert.equal(await readCliConfig(undefined, home), undefined);
  });

  test('only the one at home', async () => {
    await write(home, { endpoint: 'https://api.butterbase.ai/', apiKey: KEY, currentApp: 'app_1', apps: {} });
    assert.deepEqual(await readCliConfig(folder, home), {
      endpoint: 'https://api.butterbase.ai',
      endpointSource: 'home',
      apiKey: KEY,
      apiKeySource: 'home',
      currentApp: 'app_1',
      currentAppSource: 'home',
      keyIsFromElsewhere: false,
    });
  });

  test('the one of the folder wins key by key', async () => {
    await write(home, { endpoint: 'https://home.example', apiKey: 'home-key', currentApp: 'app_home' });
    await write(folder, { currentApp: 'app_folder', pinned_snapshot_id: 'x' });
    const config = await readCliConfig(folder, home);
    assert.equal(config?.endpoint, 'https://home.example');
    assert.equal(config.apiKeySource, 'home');
    assert.equal(config.currentApp, 'app_folder');
    assert.equal(config.currentAppSource, 'folder');
    assert.equal(config.keyIsFromElsewhere, false);
  });

  test("a folder's endpoint with the key from home is pointed out", async () => {
    await write(home, { apiKey: KEY });
    await write(folder, { endpoint: 'https://evil.example' });
    const config = await readCliConfig(folder, home);
    assert.equal(config?.endpointSource, 'folder');
    assert.equal(config.apiKeySource, 'home');
    assert.equal(config.keyIsFromElsewhere, true);
    await write(folder, { endpoint: 'https://own.example', apiKey: 'own-key' });
    assert.equal((await readCliConfig(folder, home))?.keyIsFromElsewhere, false);
  });

  test('without an endpoint it is the hosted platform', async () => {
    await write(folder, { apiKey: KEY });
    const config = await readCliConfig(folder, home);
    assert.equal(config?.endpoint, 'https://api.butterbase.ai');
    assert.equal(config.endpointSource, 'default');
    assert.equal(config.apiKeySource, 'folder');
  });

  test('a home directory that is the folder counts as home', async () => {
    await write(home, { endpoint: 'https://home.example', apiKey: KEY });
    const config = await readCliConfig(home, home);
    assert.equal(config?.endpointSource, 'home');
    assert.equal(config.keyIsFromElsewhere, false);
  });

  for (const [title, content] of [
    ['broken JSON', `{"apiKey":"${KEY}"`],
    ['an empty file', ''],
    ['no object', '[1]'],
    ['a key that is no text', { apiKey: 5 }],
    ['an endpoint that is no address', { endpoint: 'ftp://x', apiKey: KEY }],
    ['a file that is far too large', JSON.stringify({ apiKey: 'x'.repeat(300_000) })],
  ] as const) {
    test(`${title} is a clear error that names the file and not the key`, async () => {
      const file = await write(folder, content);
      const error: unknown = await readCliConfig(folder, home).catch((reason: unknown) => reason);
      assert.ok(error instanceof DoError);
      assert.equal(error.code, 'BAD_CONFIG');
      assert.ok(error.message.includes(file));
      assert.ok(!inspect(error, { depth: 10 }).includes(KEY));
    });
  }

  test('a folder in place of the file is a clear error', async () => {
    await mkdir(join(folder, CLI_CONFIG_PATH), { recursive: true });
    await assert.rejects(readCliConfig(folder, home), { code: 'BAD_CONFIG' });
  });
});
