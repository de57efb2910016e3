import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppQueue } from '../../src/platform/appQueue.ts';
import { userState } from '../../src/platform/userState.ts';
import { editorUnderTest, skipAfterFailure } from '../rig/editorUnderTest.ts';
import { OtherClient } from '../rig/otherClient.ts';
import { Workspace } from '../rig/workspace.ts';

const counter = (word: string, slow = false) => `import { DurableObject } from 'cloudflare:workers';
${slow ? 'let turns = 0;\nwhile (turns < 1_500_000_000) turns += 1;\n' : ''}
export class Counter extends DurableObject {
  async fetch(request: Request): Promise<Response> {
    let value = (await this.ctx.storage.get<number>('value')) ?? 0;
    if (request.method === 'POST') await this.ctx.storage.put('value', (value += 1));
    return Response.json({ value, word: '${word}' });
  }
}
`;

suite('a change that is cancelled, loses its file, or is taken back', () => {
  const editor = editorUnderTest({ name: 'changes', workspace: () => Workspace.create() });
  skipAfterFailure();
  let url = '';

  suiteSetup(async () => {
    const { window, workspace } = editor;
    await workspace.write('.butterbase/durable-objects.json', manifest('counter'));
    await workspace.write('durable-objects/counter.ts', counter('first'));
    await window.showView();
    await window.openFile('counter.ts');
    await window.deployActiveFile();
    const said = await window.toast(/counter is deployed\./).textContent();
    assert.doesNotMatch(said ?? '', /127\.0\.0\.1/, 'an address that this browser need not reach');
    await window.treeItem(/^Durable Object counter, status ready.*in sync/).waitFor();
    const lenses = window.page.locator('.codelens-decoration');
    await window.focusEditor();
    await lenses.filter({ hasText: 'Deploy (in sync)' }).waitFor();
    await window.clearToasts();
  });

  test('the copied URL is that of the port forwarding, and the one for programs is offered', async () => {
    const { window } = editor;
    await window.command('Durable Objects: Copy Instance URL...');
    await window.quick.waitFor('Id of the instance');
    await window.quick.type('lobby');
    await window.quick.accept();
    const forwarded = await window.untilClipboard(/\/_do\/counter\/lobby$/);
    assert.equal(new URL(forwarded).origin, new URL(window.page.url()).origin);
    assert.deepEqual(await json(forwarded, 'POST'), { value: 1, word: 'first' });
    await window.screenshot('copied-url');
    await window.answer('Copied the address for your browser', 'Copy the Address for Programs');
    url = await window.untilClipboard(/^http:\/\/127\.0\.0\.1:\d+\/_do\/counter\/lobby$/);
    assert.notEqual(new URL(url).port, new URL(forwarded).port);
    assert.deepEqual(await json(url, 'POST'), { value: 2, word: 'first' });
  });

  test('a deploy that is cancelled when it is on its way says so, and ends as the platform ends it', async () => {
    const { window } = editor;
    await window.replaceText(counter('second', true));
    await window.deployActiveFile();
    await untilBuilding();
    const progress = window.toast(/Deploying counter to local-app/);
    await progress.waitFor();
    await progress.hover();
    await progress.getByRole('button', { name: 'Cancel', exact: true }).click();
    await window.toast(/The deploy of counter was sent before you cancelled/).waitFor();
    await window.screenshot('cancelled-in-flight');
    await window.treeItem(/^Durable Object counter, status ready.*in sync/).waitFor({ timeout: 60_000 });
    assert.deepEqual(await json(url), { value: 2, word: 'second' });
    await window.clearToasts();
  });

  test('a deploy that is cancelled before it is sent changes nothing, and says nothing', async () => {
    const { window } = editor;
    await window.replaceText(counter('third'));
    const turn = await OtherClient.ofEditor(editor.server).turn();
    const { locks } = userState(path.join(editor.server.folder, 'home'), {});
    // While another program has the app's turn the deploy waits for its own.
    await new AppQueue({ folder: locks }).run(turn, async () => {
      await window.deployActiveFile();
      const progress = window.toast(/Checking what the deploy of counter would do|Deploying counter/);
      await progress.waitFor();
      await progress.hover();
      await progress.getByRole('button', { name: 'Cancel', exact: true }).click();
      await progress.waitFor({ state: 'detached' });
    });
    // What was sent would be done before the next change of the app.
    await new AppQueue({ folder: locks }).run(turn, async () => {
      assert.deepEqual(await json(url), { value: 2, word: 'second' });
    });
    assert.equal(await window.toast(/counter/).count(), 0);
  });

  test('a file that is deleted while it is deployed is said to be gone, and its source can be read', async () => {
    const { window, workspace } = editor;
    await window.replaceText(counter('fourth', true));
    await window.save();
    await window.deployActiveFile();
    await untilBuilding();
    await rm(workspace.path('durable-objects/counter.ts'));
    await window
      .toast(/counter is deployed again.*Its file was deleted meanwhile/)
      .waitFor({ timeout: 60_000 });
    await window.screenshot('file-gone');
    await window.treeItem(/^Durable Object counter, status ready.*no local file/).waitFor();
    assert.deepEqual(await json(url), { value: 2, word: 'fourth' });
    await window.clearToasts();
    await window.command('View: Close All Editors');
    await workspace.write('durable-objects/counter.ts', counter('fourth'));
    await window.treeItem(/^Durable Object counter, status ready.*modified/).waitFor();
  });

  test('a deleted class comes back with what it stored', async () => {
    const { window } = editor;
    await window.openFile('counter.ts');
    await window.command('Durable Objects: Delete...');
    await window.quick.message.filter({ hasText: /destroys every instance of Counter/ }).waitFor();
    await window.quick.type('count');
    await window.quick.message
      .filter({ hasText: /destroys every instance of Counter.*Type counter/ })
      .waitFor();
    await window.screenshot('delete-typing');
    await window.quick.type('counter');
    await window.quick.message.filter({ hasText: /destroys every instance of Counter/ }).waitFor();
    await window.quick.accept();
    await window.toast(/What its instances stored is in the trash/).waitFor();
    await window.screenshot('deleted');
    assert.equal((await fetch(url)).status, 404);
    await window.answer('What its instances stored is in the trash', 'Restore');
    await window.quick.pick('Counter');
    await window.toast('The storage of Counter is back').waitFor();
    await window.screenshot('restored');
    assert.deepEqual(await json(url), { value: 2, word: 'fourth' });
    await window.clearToasts();
  });

  test('a class that stored nothing leaves nothing to restore', async () => {
    const { window, workspace } = editor;
    await workspace.write(
      'durable-objects/quiet.ts',
      counter('quiet').replace('class Counter', 'class Quiet'),
    );
    // Quick Open does not know a file that was made outside so soon; the view does.
    await window.treeItem(/^Durable Object quiet.*not deployed/).click();
    await window.tab('quiet.ts').waitFor();
    await window.deployActiveFile('public');
    await window.treeItem(/^Durable Object quiet, status ready/).waitFor();
    await window.clearToasts();
    await window.command('Durable Objects: Delete...');
    await window.quick.waitFor(/Quiet/);
    await window.quick.type('quiet');
    await window.quick.accept();
    const toast = window.toast(/quiet is deleted/);
    await toast.waitFor();
    assert.doesNotMatch(await toast.innerText(), /trash|Restore/);
    await window.clearToasts();
    await window.command('Durable Objects: Restore Deleted Local Storage...');
    await window.toast('There is no deleted storage on the local platform').waitFor();
  });

  /** Asks the platform itself until the class is on its way. */
  async function untilBuilding(): Promise<void> {
    const other = OtherClient.ofEditor(editor.server);
    while (!Object.values(await other.statuses()).includes('BUILDING')) await delay(20);
  }
});

function manifest(name: string): string {
  return JSON.stringify({
    classes: { [name]: { source: `durable-objects/${name}.ts`, accessMode: 'public' } },
  });
}

async function json(url: string, method = 'GET'): Promise<unknown> {
  const response = await fetch(url, { method });
  assert.equal(response.status, 200, await response.clone().text());
  return await response.json();
}
