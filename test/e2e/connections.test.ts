import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type LocalPlatform, startLocalPlatform } from '../../src/local/platform.ts';
import { editorUnderTest, skipAfterFailure } from '../rig/editorUnderTest.ts';

suite('a platform elsewhere', () => {
  const editor = editorUnderTest({
    name: 'connections',
    expectedErrors: [/\bREQUEST_ERROR\b|AUTH_INVALID_API_KEY/, /UNREACHABLE/],
  });
  skipAfterFailure();
  let state = '';
  let platform: LocalPlatform;

  suiteSetup(async () => {
    state = await mkdtemp(path.join(os.tmpdir(), 'bbdo-platform-'));
    platform = await start(0);
  });

  suiteTeardown(async () => {
    await platform.close();
    await rm(state, { recursive: true, force: true });
  });

  test('a wrong key is refused in the input where it was typed, a right one signs in', async () => {
    const { window } = editor;
    await window.showView();
    await window.command('Durable Objects: Sign In...');
    await window.quick.pick('Self-Hosted Platform…');
    await window.quick.waitFor('Address of the platform');
    await window.quick.type(platform.url);
    await window.quick.accept();
    await window.quick.pick('Enter an API Key');
    await window.quick.waitFor('API key of');
    await window.quick.type('not a key');
    await window.quick.message.filter({ hasText: 'An API key has no blanks' }).waitFor();
    await window.quick.type(`bb_sk_${'0'.repeat(40)}`);
    await window.quick.accept();
    await window.quick.message.filter({ hasText: 'The API key is wrong, revoked or expired' }).waitFor();
    await window.screenshot('wrong-key');
    await window.quick.type(platform.apiKey);
    await window.quick.accept();
    await window.quick.waitFor('App of');
    await window.quick.pick('local-app');
    await connected();
  });

  test('a platform that went away is said to be unreachable, and is back with one press', async () => {
    const { window } = editor;
    const port = Number(new URL(platform.url).port);
    await platform.close();
    await window.reloadView();
    await window.welcome('The platform cannot be reached').waitFor({ timeout: 60_000 });
    await window.screenshot('unreachable');
    platform = await start(port);
    await window.welcome('The platform cannot be reached').getByRole('button', { name: 'Try Again' }).click();
    await connected();
  });

  test('who signed out is asked to sign in', async () => {
    const { window } = editor;
    await window.command('Durable Objects: Sign Out');
    await window.welcome('Sign in to see and deploy').waitFor();
    await window.screenshot('signed-out');
  });

  test('the local platform is one press away', async () => {
    const { window } = editor;
    await window
      .welcome('Sign in to see and deploy')
      .getByRole('button', { name: 'Use the Local Platform' })
      .click();
    await window.treeItem(/^App local-app on Local Platform, connected/).waitFor();
  });

  /** The app of the local platform, which a window starts with, has the same name. */
  async function connected(): Promise<void> {
    const { host } = new URL(platform.url);
    await editor.window.treeItem(new RegExp(`^App local-app on ${host}, connected`)).waitFor();
  }

  async function start(port: number): Promise<LocalPlatform> {
    return await startLocalPlatform({ stateDir: state, port, log: () => undefined });
  }
});
