import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { type LocalPlatform, startLocalPlatform } from '../../src/local/platform.ts';
import { editorUnderTest, skipAfterFailure } from '../rig/editorUnderTest.ts';

suite('signing in', () => {
  const editor = editorUnderTest({ name: 'sign-in' });
  skipAfterFailure();
  let state = '';
  let first: LocalPlatform;
  let second: LocalPlatform;

  suiteSetup(async () => {
    state = await mkdtemp(path.join(os.tmpdir(), 'bbdo-sign-in-'));
    first = await start('first');
    second = await start('second');
  });

  suiteTeardown(async () => {
    await first.close();
    await second.close();
    await rm(state, { recursive: true, force: true });
  });

  test('through the browser: the person allows it there, and the window is connected', async () => {
    const { window } = editor;
    await window.showView();
    const page = await startInBrowser(first);
    await page.getByRole('heading', { name: 'Allow Durable Objects in' }).waitFor();
    await page.getByLabel('Key of this platform').fill('bb_sk_0');
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByText('That key is wrong, revoked or expired.').waitFor();
    await page.getByLabel('Key of this platform').fill(first.apiKey);
    await page.getByRole('button', { name: 'Allow' }).click();
    await window.quick.waitFor('App of');
    await window.quick.pick('local-app');
    await window.treeItem(/^App local-app on .*, connected/).waitFor();
    assert.equal((await keysOf(first)).length, 2);
  });

  test('a person who denies it in the browser stays where they were', async () => {
    const { window } = editor;
    const page = await startInBrowser(second);
    await page.getByLabel('Key of this platform').fill(second.apiKey);
    await page.getByRole('button', { name: 'Deny' }).click();
    await window.toast('was denied').waitFor();
    await window.clearToasts();
    await window.treeItem(/^App local-app on .*, connected/).waitFor();
  });

  test('with a key at another platform: both accounts are in the Accounts menu', async () => {
    const { window } = editor;
    await window.command('Durable Objects: Sign In...');
    await window.quick.pick('Self-Hosted Platform…');
    await window.quick.waitFor('Address of the platform');
    await window.quick.type(second.url);
    await window.quick.accept();
    await window.quick.pick('Enter an API Key');
    await window.quick.waitFor('API key of');
    await window.quick.type(second.apiKey);
    await window.quick.accept();
    await window.quick.waitFor('App of');
    await window.quick.pick('local-app');
    await window.treeItem(`App local-app on ${hostOf(second)}`).waitFor();
    await openAccounts();
    for (const platform of [first, second]) await accountItem(platform).waitFor();
    await window.screenshot('accounts');
    await window.page.keyboard.press('Escape');
  });

  test('a sign-out in the Accounts menu revokes the key that the browser made', async () => {
    const { window } = editor;
    await openAccounts();
    await accountItem(first).hover();
    await window.page
      .locator('.monaco-menu')
      .getByRole('menuitem', { name: 'Sign Out', exact: true })
      .click();
    await window.confirm(/Sign out/i, 'Sign Out');
    await window.toast('and revoked its key').waitFor();
    assert.equal((await keysOf(first)).length, 1);
    await window.clearToasts();
    await window.treeItem(`App local-app on ${hostOf(second)}`).waitFor();
  });

  test('a sign-out leaves a key that was entered', async () => {
    const { window } = editor;
    await window.command('Durable Objects: Sign Out');
    await window.toast('The key is forgotten here and counts on').waitFor();
    await window.welcome('Sign in to see and deploy').waitFor();
    assert.equal((await keysOf(second)).length, 1);
  });

  async function openAccounts(): Promise<void> {
    const { page } = editor.window;
    await page
      .locator('.activitybar')
      .getByRole('button', { name: /^Accounts/ })
      .click();
  }

  function accountItem(platform: LocalPlatform): Locator {
    const { page } = editor.window;
    return page.locator('.monaco-menu').getByRole('menuitem', { name: `· ${hostOf(platform)}` });
  }

  /** Chooses to sign in through the browser; resolves to the page that the editor opens. */
  async function startInBrowser(platform: LocalPlatform): Promise<Page> {
    const { window } = editor;
    await window.command('Durable Objects: Sign In...');
    await window.quick.pick('Self-Hosted Platform…');
    await window.quick.waitFor('Address of the platform');
    await window.quick.type(platform.url);
    await window.quick.accept();
    const opened = window.page.context().waitForEvent('page');
    await window.quick.pick('Sign In with the Browser');
    return await opened;
  }

  async function keysOf({ url, apiKey }: LocalPlatform): Promise<readonly unknown[]> {
    const response = await fetch(`${url}/api-keys`, { headers: { authorization: `Bearer ${apiKey}` } });
    assert.equal(response.status, 200);
    return ((await response.json()) as { keys: readonly unknown[] }).keys;
  }

  function hostOf({ url }: LocalPlatform): string {
    return new URL(url).host;
  }

  async function start(name: string): Promise<LocalPlatform> {
    return await startLocalPlatform({ stateDir: path.join(state, name), port: 0, log: () => undefined });
  }
});
