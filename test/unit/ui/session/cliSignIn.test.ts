import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setup, suite, teardown, test } from 'mocha';
import { readCliConfig } from '../../../../src/platform/cliConfig.ts';
import { normaliseOrigin } from '../../../../src/platform/origin.ts';
import { cliSignIn, type CliSignIn } from '../../../../src/ui/session/cliSignIn.ts';

suite("sign-in of the platform's command line", () => {
  let root: string;

  setup(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'cli-sign-in-'));
  });

  teardown(async () => {
    await rm(root, { recursive: true, force: true });
  });

  async function signIn(
    home: object | undefined,
    folder: object | undefined,
  ): Promise<CliSignIn | undefined> {
    for (const [name, config] of Object.entries({ home, folder })) {
      await mkdir(path.join(root, name, '.butterbase'), { recursive: true });
      if (config === undefined) continue;
      await writeFile(path.join(root, name, '.butterbase/config.json'), JSON.stringify(config));
    }
    const atHome = await readCliConfig(undefined, path.join(root, 'home'));
    const merged = await readCliConfig(path.join(root, 'folder'), path.join(root, 'home'));
    return cliSignIn(atHome, merged, normaliseOrigin);
  }

  test('none without a key', async () => {
    assert.equal(await signIn(undefined, undefined), undefined);
    assert.equal(await signIn({ endpoint: 'https://a.example.com' }, { currentApp: 'app_1' }), undefined);
  });

  test('key and endpoint of the home file', async () => {
    assert.deepEqual(await signIn({ apiKey: 'bb_sk_home', currentApp: 'app_1' }, undefined), {
      origin: 'https://api.butterbase.ai',
      apiKey: 'bb_sk_home',
      currentApp: 'app_1',
      askBefore: undefined,
    });
  });

  test("the folder's app goes with the home file's key", async () => {
    const found = await signIn({ apiKey: 'bb_sk_home', currentApp: 'app_1' }, { currentApp: 'app_2' });
    assert.equal(found?.currentApp, 'app_2');
    assert.equal(found.askBefore, undefined);
  });

  test('key and endpoint of the folder file', async () => {
    const found = await signIn(
      { apiKey: 'bb_sk_home' },
      { apiKey: 'bb_sk_folder', endpoint: 'http://localhost:4000/' },
    );
    assert.equal(found?.apiKey, 'bb_sk_folder');
    assert.equal(found.origin, 'http://localhost:4000');
    assert.equal(found.askBefore, undefined);
  });

  test("a folder that sends the home file's key elsewhere is asked about", async () => {
    const found = await signIn({ apiKey: 'bb_sk_home' }, { endpoint: 'https://evil.example.com' });
    assert.equal(found?.origin, 'https://evil.example.com');
    assert.equal(found.askBefore, 'https://api.butterbase.ai');
  });

  test('a folder that names the same platform in other words is not', async () => {
    const found = await signIn(
      { apiKey: 'bb_sk_home', endpoint: 'https://own.example.com' },
      { endpoint: 'https://own.example.com/' },
    );
    assert.equal(found?.askBefore, undefined);
  });
});
