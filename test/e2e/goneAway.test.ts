import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { editorUnderTest, skipAfterFailure } from '../rig/editorUnderTest.ts';
import { PlatformElsewhere } from '../rig/platformElsewhere.ts';

const answering = (className: string, text: string): string =>
  `// Answers.\nexport class ${className} {\n  fetch(): Response {\n    return new Response('${text}');\n  }\n}\n`;

suite('a window or a platform that goes away', () => {
  const editor = editorUnderTest({
    name: 'gone-away',
    settings: { 'butterbaseDO.refreshInterval': 2 },
    expectedErrors: [/UNREACHABLE|ANSWER_LOST|ECONN|socket/],
  });
  skipAfterFailure();
  let platform: PlatformElsewhere;

  suiteSetup(async () => {
    const { window, workspace } = editor;
    platform = await PlatformElsewhere.start();
    await platform.signIn(editor.server);
    const classes = {
      room: { source: 'durable-objects/room.ts', accessMode: 'public' },
      hall: { source: 'durable-objects/hall.ts', accessMode: 'public' },
    };
    await workspace.write('.butterbase/durable-objects.json', JSON.stringify({ classes }));
    await workspace.write('durable-objects/room.ts', answering('Room', 'one'));
    await workspace.write('durable-objects/hall.ts', answering('Hall', 'one'));
    assert.equal(await platform.register('room', answering('Room', 'one')), 200);
    assert.equal(await platform.register('hall', answering('Hall', 'one')), 200);
    await window.showView();
    await window.treeItem(/^Durable Object room, status ready.*in sync/).waitFor();
  });

  suiteTeardown(async () => {
    await platform.stop();
  });

  test('a window that is closed in the middle of a deploy says later what became of it; until then, what was known', async () => {
    await editor.window.openFile('room.ts');
    await editor.window.replaceText(answering('Room', 'two'));
    await platform.fault({ name: 'none', slowMs: 4_000 });
    await editor.window.deployActiveFile();
    await until((classes) => classes.includes('room: BUILDING Room'));
    await editor.closeWindows();
    await until((classes) => classes.includes('room: READY Room'));
    await platform.goAway();

    await editor.openAgain();
    const { window } = editor;
    await window.showView();
    const outdated = window.page.locator('.sidebar').getByText('Last known state of');
    await outdated.first().waitFor();
    await window.treeItem(/^Durable Object room, status /).waitFor();
    await window.screenshot('offline-at-start');

    await platform.comeBack();
    await window.treeItem(/^App local-app on .*, connected/).waitFor({ timeout: 60_000 });
    await outdated.waitFor({ state: 'detached' });
    const told = window.toast(/The deploy of room was cut off/);
    await told.waitFor();
    assert.match(await told.innerText(), /It was made all the same: what was sent is deployed/);
    assert.equal(await platform.call('room', 'main'), 'two');
    await window.treeItem(/^Durable Object room, status ready.*in sync/).waitFor();
    await window.screenshot('cut-off');
    await window.clearToasts();
  });

  test('a platform that goes away leaves its last known state, marked as such, and is back by itself', async () => {
    const { window } = editor;
    await platform.goAway();
    await window.page.locator('.sidebar').getByText('Last known state of').first().waitFor();
    await window.treeItem(/^Durable Object room, status ready/).waitFor();
    await window.treeItem(/^App local-app on .*, not up to date/).waitFor();
    await window.page.getByRole('button', { name: /^Durable Objects: local-app, not up to date/ }).waitFor();
    await window.screenshot('offline');
    await platform.comeBack();
    await window.treeItem(/^App local-app on .*, connected/).waitFor({ timeout: 60_000 });
    await window.page.locator('.sidebar').getByText('Last known state of').waitFor({ state: 'detached' });
    await window.page.getByRole('button', { name: /^Durable Objects: local-app, connected/ }).waitFor();
  });

  test('a platform that is killed in the middle of a deletion: what is seen of it is told when it is back', async () => {
    const { window } = editor;
    await platform.fault({ name: 'none', slowMs: 60_000 });
    await window.fromMenu(window.treeItem(/^Durable Object hall, /), 'Delete...');
    await window.quick.waitFor('This destroys every instance of Hall');
    await window.quick.type('hall');
    await window.quick.accept();
    await until((classes) => classes.length === 1);
    await platform.goAway('SIGKILL');
    await window.toast(/broke before the answer came/).waitFor();
    await window.screenshot('killed');
    await platform.comeBack();
    const told = window.toast(/The deletion of hall was cut off/);
    await told.waitFor({ timeout: 60_000 });
    await window.treeItem(/^Trouble: hall /).waitFor();
    await window.screenshot('killed-told');
    await told.getByRole('button', { name: 'Restore hall…', exact: true }).click();
    await window.quick.waitFor('Source of hall, from the newest');
    await window.quick.accept();
    await window.treeItem(/^Durable Object hall, status ready.*in sync/).waitFor();
    await window.treeItem(/^Trouble: hall /).waitFor({ state: 'detached' });
  });

  async function until(isSo: (classes: readonly string[]) => boolean): Promise<void> {
    while (!isSo(await platform.classes())) await delay(20);
  }
});
