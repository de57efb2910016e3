import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createServer, type Server } from 'node:tls';
import { root } from '../../scripts/lib/paths.mjs';
import { type LocalPlatform, startLocalPlatform } from '../../src/local/platform.ts';
import { editorUnderTest, skipAfterFailure } from '../rig/editorUnderTest.ts';
import { TestProxy } from '../rig/testProxy.ts';
import { Workspace } from '../rig/workspace.ts';

const TLS = path.join(root, 'test', 'fixtures', 'tls');
const PASSWORD = 'pass-word-of-the-proxy';

suite('a platform behind a proxy', () => {
  let state = '';
  let platform: LocalPlatform;
  let encrypted: Server;
  let proxy: TestProxy;

  suiteSetup(async () => {
    state = await mkdtemp(path.join(os.tmpdir(), 'bbdo-platform-'));
    platform = await startLocalPlatform({
      stateDir: state,
      port: 0,
      allowedHosts: ['platform.test'],
      log: () => undefined,
    });
    encrypted = encryptedFront(Number(new URL(platform.url).port));
    await new Promise<void>((resolve) => encrypted.listen(0, '127.0.0.1', resolve));
    proxy = await TestProxy.start();
    proxy.hosts.set('platform.test', (encrypted.address() as AddressInfo).port);
  });

  const editor = editorUnderTest({
    name: 'proxy',
    workspace: () => Workspace.sample(),
    get settings() {
      return {
        'http.proxy': proxy.url.replace('//', `//me:${PASSWORD}@`),
        // Nobody knows the certificate of the platform.
        'http.proxyStrictSSL': false,
      };
    },
    expectedErrors: [/BAD_CONFIG|UNREACHABLE/],
  });
  skipAfterFailure();

  suiteTeardown(async () => {
    await proxy.close();
    await new Promise((resolve) => encrypted.close(resolve));
    await platform.close();
    await rm(state, { recursive: true, force: true });
  });

  test('a proxy that does not take the sign-in says so where the key is entered, with the next step', async () => {
    const { window } = editor;
    proxy.signIn = 'me:another';
    await window.showView();
    await signIn();
    const { message, input } = window.quick;
    await message
      .filter({ hasText: /does not take the user name and password .* Correct them in .*http\.proxy/ })
      .waitFor();
    assert.doesNotMatch(await message.innerText(), new RegExp(PASSWORD));
    await window.screenshot('proxy-407');
    // Who corrects it elsewhere tries again where they were, by keyboard.
    await input.and(window.page.locator(':focus')).waitFor();
  });

  test('when it does, the window is connected through it, encrypted', async () => {
    const { window } = editor;
    proxy.signIn = `me:${PASSWORD}`;
    await window.page.keyboard.press('Enter');
    await window.quick.pick('local-app');
    await window.treeItem(/^App local-app on platform\.test, connected/).waitFor();
    assert.deepEqual(new Set(proxy.seen.map(({ line }) => line)), new Set(['CONNECT platform.test:443']));
  });

  test('a class is deployed through it', async () => {
    const { window } = editor;
    proxy.seen.length = 0;
    await window.openFile('counter.ts');
    await window.deployActiveFile();
    await window.treeItem(/^Durable Object counter, status ready/).waitFor();
    assert.ok(proxy.seen.length > 0);
    await window.clearToasts();
  });

  test('the local platform is never asked through it', async () => {
    const { window } = editor;
    await window.command('Durable Objects: Switch Connection...');
    await window.quick.pick('Local Platform');
    await window.treeItem(/^App local-app on Local Platform, connected/).waitFor();
    proxy.seen.length = 0;
    await window.openFile('counter.ts');
    await window.deployActiveFile();
    await window.treeItem(/^Durable Object counter, status ready/).waitFor();
    assert.deepEqual(proxy.seen, []);
  });

  test('its password is in no log', () => {
    for (const [file, text] of editor.server.extensionLogs()) {
      assert.ok(!text.includes(PASSWORD), file);
      assert.ok(!text.includes(Buffer.from(`me:${PASSWORD}`).toString('base64')), file);
    }
  });

  /** Signs in with the platform's key, up to what comes of it. */
  async function signIn(): Promise<void> {
    const { window } = editor;
    await window.command('Durable Objects: Sign In...');
    await window.quick.pick('Self-Hosted Platform…');
    await window.quick.waitFor('Address of the platform');
    await window.quick.type('https://platform.test');
    await window.quick.accept();
    await window.quick.pick('Enter an API Key');
    await window.quick.waitFor('API key of');
    await window.quick.type(platform.apiKey);
    await window.quick.accept();
  }
});

/** Ends encrypted connections as `platform.test`, and passes what is in them on. */
function encryptedFront(port: number): Server {
  const key = readFileSync(path.join(TLS, 'platform.test.key'));
  const cert = readFileSync(path.join(TLS, 'platform.test.crt'));
  return createServer({ key, cert }, (socket) => {
    const onward = connect(port, '127.0.0.1');
    socket.pipe(onward).pipe(socket);
    for (const one of [socket, onward]) {
      one.on('error', () => undefined);
      one.on('close', () => {
        socket.destroy();
        onward.destroy();
      });
    }
  });
}
