import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { editorUnderTest, skipAfterFailure } from '../rig/editorUnderTest.ts';

suite('the main job, in a fresh folder on the embedded platform', () => {
  const editor = editorUnderTest({ name: 'main-job' });
  skipAfterFailure();
  let counterUrl = '';

  test('an empty folder is welcomed with the first step', async () => {
    const { window } = editor;
    await window.showView();
    await window.welcome('This app has no Durable Object class yet').waitFor();
    await window.screenshot('welcome');
  });

  test('a class is made from a template and has no errors', async () => {
    const { window, workspace } = editor;
    await window
      .welcome('no Durable Object class')
      .getByRole('button', { name: 'New Durable Object' })
      .click();
    await window.quick.pick('Counter');
    await window.quick.waitFor('Name, as in the address');
    await window.screenshot('new-from-template');
    await window.quick.accept();
    await window.tab('counter.ts').waitFor();
    assert.match(
      await readFile(workspace.path('durable-objects/counter.ts'), 'utf8'),
      /export class Counter/,
    );
    await window
      .treeItem('Durable Object counter, not deployed')
      .or(window.treeItem(/counter.*not deployed/))
      .first()
      .waitFor();
    await window.noProblems();
  });

  test('an error is underlined while one types, explained, and mended by a quick fix', async () => {
    const { window, workspace } = editor;
    const source = await readFile(workspace.path('durable-objects/counter.ts'), 'utf8');
    await window.replaceText(source.replace('export class Counter', 'class Counter'));
    await window.squiggle('error').waitFor();
    const problem = await window.problem(/NO_EXPORTED_CLASS/);
    await problem.dblclick();
    await window.screenshot('error');
    await window.quickFix(/export/i);
    await window.squiggle('error').waitFor({ state: 'detached' });
    await window.save();
    assert.equal(await readFile(workspace.path('durable-objects/counter.ts'), 'utf8'), source);
    await window.command('View: Hide Panel');
  });

  test('it is deployed, and the tree says that it is ready', async () => {
    const { window, workspace } = editor;
    await window.command('Durable Objects: Deploy');
    await window.quick.waitFor('Name, as in the address');
    await window.quick.accept();
    await window.quick.pick('public');
    await window.toast(/counter is deployed\./).waitFor();
    await window.treeItem(/^Durable Object counter, status ready/).waitFor();
    await window.toast('Creating counter').waitFor({ state: 'hidden' });
    await window.screenshot('deployed');
    const manifest = JSON.parse(
      await readFile(workspace.path('.butterbase/durable-objects.json'), 'utf8'),
    ) as unknown;
    assert.deepEqual(manifest, {
      classes: { counter: { source: 'durable-objects/counter.ts', accessMode: 'public' } },
    });
  });

  test('an instance answers over HTTP under the copied URL', async () => {
    const { window } = editor;
    await window.clearToasts();
    await window.command('Durable Objects: Copy Instance URL...');
    await window.quick.waitFor('Id of the instance');
    await window.quick.type('lobby');
    await window.quick.accept();
    counterUrl = await window.untilClipboard(/\/_do\/counter\/lobby$/);
    assert.deepEqual(await json(counterUrl, 'POST'), { value: 1 });
    assert.deepEqual(await json(counterUrl, 'POST'), { value: 2 });
    assert.deepEqual(await json(counterUrl), { value: 2 });
  });

  test('a chat room talks over WebSockets, from this process and from a page', async () => {
    const { window } = editor;
    await window.command('Durable Objects: New Durable Object...');
    await window.quick.pick('Chat room with WebSockets');
    await window.quick.waitFor('Name, as in the address');
    await window.quick.accept();
    await window.tab('chat-room.ts').waitFor();
    await window.deployActiveFile('public');
    await window.treeItem(/^Durable Object chat-room, status ready/).waitFor();

    const popup = window.page.context().waitForEvent('page');
    await window.command('Durable Objects: Open Instance...');
    await window.quick.waitFor('Id of the instance');
    await window.quick.type('tea');
    await window.quick.accept();
    const page = await popup;
    await page.waitForURL(/\/_do\/chat-room\/tea/);
    assert.equal(await page.locator('body').innerText(), '[]');

    const socket = new WebSocket(
      counterUrl.replace(/^http/, 'ws').replace('counter/lobby', 'chat-room/tea?name=Ada'),
    );
    await once(socket, 'open');
    const heard = page.evaluate<string>(`new Promise((resolve, reject) => {
      const listener = new WebSocket(location.href.replace(/^http/, 'ws'));
      listener.onmessage = (event) => resolve(event.data);
      listener.onerror = () => reject(new Error('no WebSocket'));
      listener.onopen = () => (document.title = 'open');
    })`);
    await page.waitForFunction('document.title === "open"');
    socket.send('hello');
    const message = JSON.parse(await heard) as { from: string; text: string };
    assert.equal(message.from, 'Ada');
    assert.equal(message.text, 'hello');
    socket.close();
    await page.close();
  });

  test('a changed class is deployed again and keeps what it stored', async () => {
    const { window, workspace } = editor;
    await window.openFile('counter.ts');
    const source = await readFile(workspace.path('durable-objects/counter.ts'), 'utf8');
    const changed = source
      .replace(
        'Response.json({ value: await this.read() })',
        "Response.json({ value: await this.read(), greeting: this.env.GREETING ?? 'none' })",
      )
      .replace('extends DurableObject {', 'extends DurableObject<{ GREETING?: string }> {');
    assert.notEqual(changed, source);
    await window.replaceText(changed);
    await window.save();
    await window.treeItem(/^Durable Object counter, status ready.*modified/).waitFor();
    await window.screenshot('modified');
    await window.deployActiveFile();
    await window.treeItem(/^Durable Object counter, status ready.*in sync/).waitFor();
    assert.deepEqual(await json(counterUrl), { value: 2, greeting: 'none' });
  });

  test('the file is compared with what is deployed', async () => {
    const { window, workspace } = editor;
    const source = await readFile(workspace.path('durable-objects/counter.ts'), 'utf8');
    await window.replaceText(source.replace("?? 'none'", "?? 'nothing'"));
    await window.save();
    await window.clearToasts();
    await window.command('Durable Objects: Compare with Deployed');
    const diff = window.page.locator('.monaco-diff-editor');
    await diff.locator('.editor.original .view-lines', { hasText: "'none'" }).waitFor();
    await diff.locator('.editor.modified .view-lines', { hasText: "'nothing'" }).waitFor();
    await window.screenshot('compare');
    await window.command('View: Close Editor');
    await window.openFile('counter.ts');
    await window.replaceText(source);
    await window.save();
  });

  test('an environment variable is set in its view and read by the class', async () => {
    const { window } = editor;
    await window.command('Durable Objects: Manage Environment Variables');
    const view = window.webview();
    await view.getByRole('heading', { name: 'Add a variable' }).waitFor({ timeout: 30_000 });
    await view.getByRole('textbox', { name: 'Key' }).fill('GREETING');
    await view.getByRole('textbox', { name: 'Value' }).fill('hello from env');
    await window.screenshot('env');
    await view.getByRole('button', { name: 'Add', exact: true }).click();
    await view
      .getByText(/GREETING is set\. Redeployed: chat-room, counter|GREETING is set\. Redeployed/)
      .first()
      .waitFor();
    await window.screenshot('env-set');
    assert.deepEqual(await json(counterUrl), { value: 2, greeting: 'hello from env' });
  });

  test('usage is shown', async () => {
    const { window } = editor;
    await window.command('Durable Objects: Show Usage');
    const view = window.webview();
    await view
      .getByText(/app-wide|all classes/i)
      .first()
      .waitFor({ timeout: 30_000 });
    await window.screenshot('usage');
    await view.getByText('Samples as a table').click();
    const newest = view
      .getByRole('table', { name: /Samples of the usage/ })
      .getByRole('row')
      .nth(1);
    assert.match(await newest.innerText(), /\d/);
  });

  test('a class is deleted only after its name was typed', async () => {
    const { window } = editor;
    await window.command('View: Close All Editors');
    await window.openFile('counter.ts');
    await window.command('Durable Objects: Delete...');
    await window.quick.waitFor(/counter/i);
    await window.quick.type('count');
    await window.quick.accept();
    await window.quick.message.filter({ hasText: /exactly|type/i }).waitFor();
    await window.screenshot('delete');
    await window.quick.type('counter');
    await window.quick.accept();
    await window.treeItem(/^Durable Object counter.*not deployed/).waitFor();
    assert.equal((await fetch(counterUrl)).status, 404);
    await window.treeItem(/^Durable Object chat-room, status ready/).waitFor();
  });
});

async function json(url: string, method = 'GET'): Promise<unknown> {
  const response = await fetch(url, { method });
  assert.equal(response.status, 200, await response.clone().text());
  return await response.json();
}
