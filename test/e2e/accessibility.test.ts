import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { editorUnderTest, skipAfterFailure } from '../rig/editorUnderTest.ts';
import type { Workbench } from '../rig/workbench.ts';
import { Workspace } from '../rig/workspace.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

suite('with the keyboard alone, in high contrast', () => {
  const editor = editorUnderTest({
    name: 'accessibility',
    workspace: () => Workspace.sample(),
    settings: { 'workbench.colorTheme': 'Default High Contrast' },
  });
  skipAfterFailure();

  test('a class is deployed from the tree', async () => {
    const { window } = editor;
    const { keyboard } = window.page;
    await window.extensionKnown();
    await window.commandByKeyboard('Durable Objects: Focus on Durable Objects View');
    await window.treeItem(/^Durable Object counter/).waitFor();
    // While the view was empty there was nothing in it that could have taken the focus.
    await window.commandByKeyboard('Durable Objects: Focus on Durable Objects View');
    await window.pressUntil('ArrowDown', window.focusedItem(/^Durable Object counter/));
    await keyboard.press('Shift+F10');
    const menu = window.page.locator('.monaco-menu');
    await menu.first().waitFor();
    await window.pressUntil('ArrowDown', menu.locator('.action-item.focused', { hasText: /^\s*Deploy\s*$/ }));
    await keyboard.press('Enter');
    await window.toast('counter is deployed').waitFor();
    await window.treeItem(/^Durable Object counter, status ready.*in sync/).waitFor();
    await window.screenshot('high-contrast');
  });

  test('the environment view has no barrier that axe finds', async () => {
    const { window } = editor;
    await window.commandByKeyboard('Durable Objects: Manage Environment Variables');
    await window.webview().getByRole('heading', { name: 'Add a variable' }).waitFor();
    await window.screenshot('high-contrast-env');
    assert.deepEqual(await barriers(window), []);
  });

  test('a variable is added in it by keyboard', async () => {
    const { window } = editor;
    const view = window.webview();
    await view.getByRole('textbox', { name: 'Key' }).focus();
    await window.page.keyboard.type('BY_KEYBOARD');
    await window.page.keyboard.press('Enter');
    await window.page.keyboard.type('yes');
    // Enter alone is part of a value.
    await window.page.keyboard.press('Control+Enter');
    await view
      .getByText(/BY_KEYBOARD is set/)
      .first()
      .waitFor();
  });

  test('the usage view has no barrier that axe finds', async () => {
    const { window } = editor;
    await window.commandByKeyboard('View: Close All Editors');
    await window.commandByKeyboard('Durable Objects: Show Usage');
    await window
      .webview()
      .getByText(/^App-wide totals/)
      .waitFor();
    await window.screenshot('high-contrast-usage');
    assert.deepEqual(await barriers(window), []);
  });
});

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe finds in the visible webview. */
async function barriers(window: Workbench): Promise<string[]> {
  const frame = await window.webviewFrame();
  await frame.evaluate(axe);
  const violations = await frame.evaluate<Violation[]>(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }).then((r) => r.violations)',
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
  );
}
