import assert from 'node:assert/strict';
import { editorUnderTest, skipAfterFailure } from '../rig/editorUnderTest.ts';
import { Workspace } from '../rig/workspace.ts';

const ROOM = `export class Room {
  fetch(): Response {
    return new Response('shop');
  }
}
`;

suite('a workspace with two folders', () => {
  const editor = editorUnderTest({ name: 'folders', workspace: () => twoFolders() });
  skipAfterFailure();

  test('each folder has its own app, and a file is deployed to that of its folder', async () => {
    const { window } = editor;
    await window.showView();
    await window.openFile('shop-room.ts');
    await window.deployActiveFile();
    await window.treeItem(/^Durable Object room, status ready/).waitFor();

    // The other folder takes no app of its neighbour's: it gets one of its own.
    await window.openFile('blog-room.ts');
    await window.treeItem(/^Durable Object room, status ready/).waitFor({ state: 'detached' });
    await window.command('Durable Objects: Create App...');
    await window.quick.waitFor('Name of the app');
    await window.quick.type('blog');
    await window.quick.accept();
    await window.treeItem(/^Durable Object room, .*not deployed/).waitFor();
    await window.deployActiveFile();
    await window.treeItem(/^Durable Object room, status ready/).waitFor();
    assert.equal(await answerOf('first'), 'blog');
    await window.screenshot('two-folders');
  });

  test('the same names in both folders collide with nothing', async () => {
    await editor.window.noProblems();
  });

  test('the folder is picked by name, and its app comes with it', async () => {
    const { window } = editor;
    await window.command('Durable Objects: Select Folder...');
    await window.quick.waitFor('each folder has an app of its own');
    await window.quick.pick('shop');
    await window.page
      .getByText(/shop · /i)
      .first()
      .waitFor();
    await window.treeItem(/^Durable Object room, status ready/).waitFor();
    await window.openFile('shop-room.ts');
    assert.equal(await answerOf('second'), 'shop');
  });

  /** What an instance of the class of the current folder's app says. */
  async function answerOf(instance: string): Promise<string> {
    const { window } = editor;
    await window.command('Durable Objects: Copy Instance URL...');
    await window.quick.waitFor('Id of the instance');
    await window.quick.type(instance);
    await window.quick.accept();
    const url = await window.untilClipboard(new RegExp(`/_do/room/${instance}$`));
    return (await fetch(url)).text();
  }
});

async function twoFolders(): Promise<Workspace> {
  const manifest = (source: string): string =>
    JSON.stringify({ classes: { room: { source, accessMode: 'public' } } });
  const workspace = await Workspace.create({
    'shop/.butterbase/durable-objects.json': manifest('durable-objects/shop-room.ts'),
    'shop/durable-objects/shop-room.ts': ROOM,
    'blog/.butterbase/durable-objects.json': manifest('durable-objects/blog-room.ts'),
    'blog/durable-objects/blog-room.ts': ROOM.replace("'shop'", "'blog'"),
    'two.code-workspace': JSON.stringify({ folders: [{ path: 'shop' }, { path: 'blog' }] }),
  });
  return workspace.opening('two.code-workspace');
}
