import assert from 'node:assert/strict';
import { editorUnderTest, skipAfterFailure } from '../rig/editorUnderTest.ts';
import { processesLeft } from '../rig/processes.ts';
import { Workspace } from '../rig/workspace.ts';

suite('several windows', () => {
  const editor = editorUnderTest({ name: 'windows', workspace: () => Workspace.sample() });
  skipAfterFailure();
  let other: Workspace;

  suiteSetup(async () => {
    other = await Workspace.sample();
  });

  suiteTeardown(async () => {
    await other.remove();
  });

  test('two windows that deploy at once both succeed, and each sees both classes', async () => {
    const first = editor.window;
    const second = await editor.newWindow(other.folder);
    await Promise.all([first.showView(), second.showView()]);
    await Promise.all([first.openFile('counter.ts'), second.openFile('chat-room.ts')]);
    await Promise.all([first.deployActiveFile(), second.deployActiveFile()]);
    for (const window of [first, second]) {
      await window.treeItem(/^Durable Object counter, status ready/).waitFor();
      await window.treeItem(/^Durable Object chat-room, status ready/).waitFor();
    }
  });

  test('a window that is closed leaves the platform to the other one', async () => {
    const [first, second] = editor.windows;
    assert.ok(first !== undefined && second !== undefined);
    await second.page.context().close();
    await first.command('Durable Objects: Copy Instance URL...');
    await first.quick.waitFor('Id of the instance');
    await first.quick.accept();
    const url = await first.untilClipboard(/\/_do\/counter\/main$/);
    assert.deepEqual(await (await fetch(url, { method: 'POST' })).json(), { value: 1 });
  });

  test('with the last window the platform ends, and no process of it stays', async () => {
    await editor.window.page.context().close();
    const left = await processesLeft(editor.server.run, 45_000, /cli\.js|workerd/);
    assert.deepEqual(left, []);
  });
});

suite('a window without a folder', () => {
  const editor = editorUnderTest({ name: 'no-folder', folderless: true });

  test('says that a folder is needed', async () => {
    const { window } = editor;
    await window.showView();
    await window.welcome('Open a folder to write Durable Objects in it').waitFor();
  });
});
