import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { type LocalPlatform, startLocalPlatform } from '../../src/local/platform.ts';
import { editorUnderTest, skipAfterFailure } from '../rig/editorUnderTest.ts';
import { OtherClient } from '../rig/otherClient.ts';
import { processesLeft } from '../rig/processes.ts';
import { TestProxy } from '../rig/testProxy.ts';
import { Workspace } from '../rig/workspace.ts';

const REASON = /This workspace is in Restricted Mode/;

suite('a workspace that is not trusted', () => {
  let state = '';
  let platform: LocalPlatform;
  let other: OtherClient;
  /** All that goes to the platform passes through it and is noted. */
  let way: TestProxy;
  let before: unknown;

  suiteSetup(async () => {
    state = await mkdtemp(path.join(os.tmpdir(), 'bbdo-platform-'));
    platform = await startLocalPlatform({
      stateDir: state,
      port: 0,
      allowedHosts: ['platform.test'],
      log: () => undefined,
    });
    other = new OtherClient(platform);
    way = await TestProxy.start();
    way.hosts.set('platform.test', Number(new URL(platform.url).port));
  });

  const editor = editorUnderTest({
    name: 'restricted',
    workspace: () => Workspace.sample(),
    workspaceTrust: true,
    get settings() {
      return {
        'security.workspace.trust.startupPrompt': 'never',
        'security.workspace.trust.banner': 'never',
        'workbench.editor.useModal': 'off',
        'http.proxy': way.url,
      };
    },
  });
  skipAfterFailure();

  suiteSetup(async () => {
    const source = await readFile(editor.workspace.path('durable-objects/counter.ts'), 'utf8');
    assert.ok(await other.register('counter', `${source}\n// Another version.\n`));
    await other.setEnv('API_TOKEN', 'secret');
    before = await everything();
  });

  suiteTeardown(async () => {
    await way.close();
    await platform.close();
    await rm(state, { recursive: true, force: true });
  });

  test('shows what is there, starts nothing, and says how to trust it', async () => {
    const { window } = editor;
    await window.showView();
    await window.welcome('This workspace is in Restricted Mode').waitFor();
    await window.screenshot('restricted');
    assert.deepEqual(await startedProcesses(), []);
  });

  test('lint works', async () => {
    const { window, workspace } = editor;
    await workspace.write('durable-objects/broken.ts', 'export default class Broken {}\n');
    await window.openFile('broken.ts');
    await window.squiggle('error').waitFor();
    await rm(workspace.path('durable-objects/broken.ts'));
    await window.command('View: Close All Editors');
  });

  test('what is deployed can be read after a sign-in', async () => {
    const { window } = editor;
    await window.command('Durable Objects: Sign In...');
    await window.quick.pick('Self-Hosted Platform…');
    await window.quick.waitFor('Address of the platform');
    await window.quick.type('http://platform.test');
    await window.quick.accept();
    await window.quick.pick('Enter an API Key');
    await window.quick.waitFor('API key of');
    await window.quick.type(platform.apiKey);
    await window.quick.accept();
    await window.quick.pick('local-app');
    await window.treeItem(/^Durable Object counter, status ready.*modified/).waitFor();
    await window.openFile('counter.ts');
    await window.command('Durable Objects: Compare with Deployed');
    await window.tab(/counter: deployed in local-app/).waitFor();
    await window.command('View: Close Editor');
  });

  for (const label of [
    'Deploy',
    'Delete...',
    'Set Environment Variable...',
    'Delete Environment Variable...',
    'Restore Historic Source…',
    'Restore Historic Source into File',
    'New Durable Object...',
    'Write Type Declarations',
    'Start Local Platform',
    'Create App...',
  ]) {
    test(`"${label}" of the palette says why it does nothing`, async () => {
      await editor.window.command(`Durable Objects: ${label}`);
      await refused();
    });
  }

  test('the buttons of the views and of the editor say it as well', async () => {
    const { window } = editor;
    await window.openFile('counter.ts');
    await press(window.treeItem(/^Durable Object counter, status ready/), 'Deploy');
    await press(window.treeItem(/^Environment variables, 1 set/), 'Set Environment Variable...');
    await window.treeItem(/^Environment variables, 1 set/).click();
    await press(window.treeItem(/^Environment variable API_TOKEN/), 'Delete Environment Variable...');
    await window.page
      .locator('.editor-actions')
      .getByRole('button', { name: 'Deploy', exact: true })
      .first()
      .click();
    await refused();
    const lens = window.page.locator('.codelens-decoration a', {
      hasText: 'Deploy (off in Restricted Mode)',
    });
    await window.focusEditor();
    await lens.waitFor();
    await window.screenshot('restricted-editor');
    await lens.click();
    await refused();
  });

  test('a source of the history can be read and is not restored', async () => {
    const { window } = editor;
    await window.command('Durable Objects: Show Deployment History');
    await window.quick.rows.first().click();
    await window.tab(/counter \(/).waitFor();
    await window.page.locator('.editor-instance', { hasText: '// Another version.' }).waitFor();
  });

  test('the env panel shows the keys and the reason, and no way to change them', async () => {
    const { window } = editor;
    await window.command('Durable Objects: Manage Environment Variables');
    const panel = window.webview();
    await panel.getByText(REASON).waitFor();
    await panel.getByText('API_TOKEN').waitFor();
    assert.equal(await panel.getByRole('button', { name: /Add|Delete|Replace|Import/ }).count(), 0);
    await window.screenshot('restricted-env');
  });

  test('of all that nothing was sent, written or started', async () => {
    const methods = new Set(way.seen.map(({ line }) => line.split(' ')[0]));
    assert.deepEqual(methods, new Set(['GET']));
    assert.deepEqual(await everything(), before);
    assert.deepEqual(await startedProcesses(), []);
  });

  test('once it is trusted all of it works, without a reload', async () => {
    const { window } = editor;
    await window.page.evaluate('window.isTheSamePage = true');
    await window.webview().getByRole('button', { name: 'Manage Workspace Trust' }).click();
    await window.page
      .locator('.workspace-trust-editor')
      .getByRole('button', { name: /^Trust/ })
      .first()
      .click();
    await window.tab('Environment Variables').click();
    const panel = window.webview();
    await panel.getByRole('textbox', { name: 'Key' }).fill('TRUSTED');
    await panel.getByRole('textbox', { name: 'Value' }).fill('now');
    await panel.getByRole('button', { name: 'Add', exact: true }).click();
    await panel.getByRole('status').filter({ hasText: 'TRUSTED is set.' }).waitFor();
    await window.openFile('counter.ts');
    await window.deployActiveFile();
    await window.treeItem(/^Durable Object counter, status ready.*in sync/).waitFor();
    await window.screenshot('restricted-no-more');
    assert.deepEqual(await other.envKeys(), ['API_TOKEN', 'TRUSTED']);
    assert.equal(await window.page.evaluate('window.isTheSamePage'), true);
  });

  /** Presses a button of a tree item that shows while the mouse is over it. */
  async function press(item: Locator, name: string): Promise<void> {
    await item.hover();
    await item.getByRole('button', { name, exact: true }).click();
    await refused();
  }

  /** What was just tried says why it does nothing, and what to do. */
  async function refused(): Promise<void> {
    const { window } = editor;
    const toast = window.toast(REASON);
    await toast.waitFor();
    await toast.getByRole('button', { name: 'Manage Workspace Trust', exact: true }).waitFor();
    await window.clearToasts();
  }

  /** All that a change could have changed. */
  async function everything(): Promise<unknown> {
    const files = await readdir(editor.workspace.folder, { recursive: true, withFileTypes: true });
    const texts = files
      .filter((file) => file.isFile())
      .map(async (file) => {
        const name = path.join(file.parentPath, file.name);
        return [name, await readFile(name, 'utf8')] as const;
      });
    return {
      files: Object.fromEntries(await Promise.all(texts)),
      statuses: await other.statuses(),
      keys: await other.envKeys(),
    };
  }

  function startedProcesses(): Promise<unknown> {
    return processesLeft(editor.server.run, 0, /cli\.js|workerd/);
  }
});
