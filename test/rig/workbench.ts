import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';
import { results } from '../../scripts/lib/paths.mjs';

/** The first start of a window compiles nothing but loads a lot; on two busy cores that takes a while. */
const START_TIMEOUT = 90_000;

/** One window of the editor, as a person sees it. Every wait is for something that shows on the page. */
export class Workbench {
  readonly page: Page;
  readonly quick: QuickInput;

  constructor(page: Page) {
    this.page = page;
    this.quick = new QuickInput(page);
  }

  /** Opens an address of a CodeServer and resolves when the window can be used. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: START_TIMEOUT });
  }

  /** Resolves when the editor has read what the extension contributes. */
  async extensionKnown(): Promise<void> {
    await this.#icon.waitFor({ timeout: START_TIMEOUT });
  }

  get #icon(): Locator {
    return this.page.locator('.activitybar .action-item[role="tab"]', {
      has: this.page.locator('[aria-label^="Durable Objects"]'),
    });
  }

  /** Opens the view container of the extension; resolves when its first view is there. */
  async showView(): Promise<void> {
    const title = this.page.locator('.sidebar .composite.title', { hasText: 'Durable Objects' });
    await this.extensionKnown();
    if (!(await title.isVisible())) await this.#icon.click();
    await title.waitFor();
  }

  /** Reloads a window that shows the view. It comes back by itself; a click on the icon meanwhile would hide it. */
  async reloadView(): Promise<void> {
    await this.page.reload();
    await this.page
      .locator('.sidebar .composite.title', { hasText: 'Durable Objects' })
      .waitFor({ timeout: START_TIMEOUT });
  }

  /**
   * Runs a command of the palette by its full label, such as `Durable Objects: Deploy`. The palette lists what is
   * enabled when it opens, and a window knows only some time after its start that its workspace is trusted.
   */
  async command(label: string): Promise<void> {
    await this.#choose('F1', `>${label}`, label);
  }

  /** The same without the mouse. */
  async commandByKeyboard(label: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quick.input.waitFor();
    await this.page.keyboard.insertText(label);
    await this.quick.focusedRow(label).waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** Presses a key again and again until something shows. */
  async pressUntil(key: string, target: Locator): Promise<void> {
    for (let pressed = 0; pressed < 40; pressed += 1) {
      if (await target.first().isVisible()) return;
      await this.page.keyboard.press(key);
    }
    throw new Error(`40 times ${key} did not lead to ${target.toString()}`);
  }

  /** The focused item of a tree, when it has this accessible name. */
  focusedItem(name: RegExp): Locator {
    return this.page.locator('.monaco-list-row.focused').and(this.page.getByRole('treeitem', { name }));
  }

  /** The items of one view: exact title of the view as it shows in its header. */
  view(title: string): Locator {
    return this.page.locator('.pane', {
      has: this.page.locator('.pane-header', { hasText: new RegExp(`^${title}`, 'i') }),
    });
  }

  /** An item of any tree by the beginning of its accessible name. */
  treeItem(name: string | RegExp): Locator {
    const pattern = typeof name === 'string' ? new RegExp(`^${escape(name)}(?![\\w-])`) : name;
    return this.page.locator('.sidebar').getByRole('treeitem', { name: pattern }).first();
  }

  /** Runs a command of the menu of an item. A menu that opened just now does not take every click. */
  async fromMenu(item: Locator, command: string): Promise<void> {
    const entry = this.page
      .locator('.monaco-menu')
      .getByRole('menuitem', { name: command, exact: true })
      .first();
    await item.click({ button: 'right' });
    await entry.waitFor();
    while (await entry.isVisible()) {
      await entry.click({ timeout: 1_000 }).catch(() => undefined);
      await entry.waitFor({ state: 'hidden', timeout: 1_000 }).catch(() => undefined);
    }
  }

  /** The text with buttons that a view without items shows. */
  welcome(text: string): Locator {
    return this.page.locator('.welcome-view-content', { hasText: text });
  }

  /** A notification whose text contains `text`. */
  toast(text: string | RegExp): Locator {
    return this.page.locator('.notification-list-item', { hasText: text }).first();
  }

  /** Presses a button of a notification. */
  async answer(text: string | RegExp, button: string): Promise<void> {
    const toast = this.toast(text);
    await toast.waitFor();
    await toast.getByRole('button', { name: button, exact: true }).click();
  }

  async clearToasts(): Promise<void> {
    await this.command('Notifications: Clear All Notifications');
    await this.page.locator('.notification-list-item').first().waitFor({ state: 'detached' });
  }

  /** A modal question. */
  dialog(text: string | RegExp): Locator {
    return this.page.locator('.monaco-dialog-box', { hasText: text });
  }

  async confirm(text: string | RegExp, button: string): Promise<void> {
    const dialog = this.dialog(text);
    await dialog.waitFor();
    await dialog.getByRole('button', { name: button, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  /**
   * Opens a file by its name through Quick Open. Until Quick Open has listed the files of the disk, it answers from the
   * list of the time it was opened before, which has no file that was made since.
   */
  async openFile(name: string): Promise<void> {
    const label = path.basename(name);
    const active = this.page.locator('.tabs-container .tab.active', { hasText: label }).first();
    for (let tries = 1; ; tries += 1) {
      await this.#choose('Control+P', name, label);
      // A list that is filled while one chooses can give the row that took the place of the chosen one.
      if (await shows(active, tries === 4 ? undefined : 5_000)) break;
    }
    await this.editor.waitFor();
  }

  /**
   * Opens the input by a key and chooses a row; opens it again when the row does not come, as a person does, or when
   * something that takes the focus, such as a panel that has just loaded, closed it.
   */
  async #choose(key: string, text: string, label: string): Promise<void> {
    for (let opened = 0; opened < 10; opened += 1) {
      await this.page.keyboard.press(key);
      if ((await this.quick.typed(text, 5_000)) && (await this.quick.has(label, 3_000))) break;
      await this.quick.dismiss();
    }
    await this.quick.pick(label);
  }

  tab(name: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: name }).first();
  }

  /** The text editor that has the focus or had it last. */
  get editor(): Locator {
    return this.page.locator('.editor-group-container.active .editor-instance .monaco-editor').first();
  }

  /**
   * Puts the focus into the text of the active editor. The editor asks for lenses only while it is there: of a file
   * that is opened and left at once there are none.
   */
  async focusEditor(): Promise<void> {
    // A click could hit a lens, or be outside of what is scrolled into view.
    await this.editor.locator('.native-edit-context, textarea.inputarea').first().focus();
  }

  /** Replaces the whole text of the active editor, by typing, and goes to its beginning. */
  async replaceText(text: string): Promise<void> {
    await this.focusEditor();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(text);
    await this.page.keyboard.press('Control+Home');
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tabs-container .tab.active.dirty').waitFor({ state: 'detached' });
  }

  /** A finding that the editor underlines. */
  squiggle(severity: 'error' | 'warning' | 'info'): Locator {
    return this.page.locator(`.editor-instance .squiggly-${severity}`).first();
  }

  /** An entry of the Problems view, which is opened. */
  async problem(text: string | RegExp): Promise<Locator> {
    await this.command('Problems: Focus on Problems View');
    const entry = this.page.locator('.markers-panel').getByRole('treeitem').filter({ hasText: text }).first();
    await entry.waitFor();
    return entry;
  }

  /** Resolves when the Problems view is empty. */
  async noProblems(): Promise<void> {
    await this.command('Problems: Focus on Problems View');
    await this.page.locator('.markers-panel', { hasText: 'No problems have been detected' }).waitFor();
  }

  /**
   * Applies a quick fix of the finding at the cursor, by its title. The editor closes the menu when the findings
   * are set anew meanwhile, so it is opened again, as a person would.
   */
  async quickFix(title: string | RegExp): Promise<void> {
    await this.page.locator('.editor-instance .monaco-editor.focused').waitFor();
    const fix = this.page.locator('.action-widget .monaco-list-row', { hasText: title }).first();
    for (let tries = 1; ; tries += 1) {
      await this.page.keyboard.press('Control+.');
      try {
        await fix.click({ timeout: 8_000 });
        return;
      } catch (error) {
        if (tries === 4) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Deploys the file of the active editor; `accessMode` for a file that was never deployed. */
  async deployActiveFile(accessMode?: string): Promise<void> {
    await this.command('Durable Objects: Deploy');
    if (accessMode !== undefined) {
      await this.quick.waitFor('Name, as in the address');
      await this.quick.accept();
      await this.quick.pick(accessMode);
    }
  }

  /** Waits until the clipboard holds such a text. */
  async untilClipboard(pattern: RegExp): Promise<string> {
    for (;;) {
      const text = await this.clipboard();
      if (pattern.test(text)) return text;
      await this.page.waitForTimeout(50);
    }
  }

  /** The content of the visible webview that belongs to a tab. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe#active-frame');
  }

  /** The frame of the visible webview, for scripts. */
  async webviewFrame(): Promise<Frame> {
    const element = await this.webview().locator(':root').elementHandle();
    const frame = await element.ownerFrame();
    if (frame === null) throw new Error('No webview is visible.');
    return frame;
  }

  /** Text of the clipboard. */
  async clipboard(): Promise<string> {
    return await this.page.evaluate('navigator.clipboard.readText()');
  }

  /** Writes `test-results/screenshots/<name>.png`. */
  async screenshot(name: string): Promise<void> {
    const folder = path.join(results, 'screenshots');
    mkdirSync(folder, { recursive: true });
    // Away from everything that shows a hover.
    await this.page.mouse.move(1399, 450);
    await this.page.locator('.workbench-hover:visible').first().waitFor({ state: 'hidden' });
    await this.page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' });
  }
}

/** The input at the top of the window: palette, picks and text inputs. */
export class QuickInput {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get #widget(): Locator {
    return this.#page.locator('.quick-input-widget:visible');
  }

  get input(): Locator {
    return this.#widget.locator('.quick-input-box input.input');
  }

  get rows(): Locator {
    return this.#widget.locator('.quick-input-list .monaco-list-row');
  }

  /** What the input says is wrong with what was typed, or the prompt. */
  get message(): Locator {
    return this.#widget.locator('.quick-input-message');
  }

  /** Waits for an input or pick whose title, placeholder or prompt contains `text`. */
  async waitFor(text: string | RegExp): Promise<void> {
    const byText = this.#widget.filter({ hasText: text });
    const byPlaceholder = this.#widget.getByPlaceholder(text);
    await byText.or(byPlaceholder).first().waitFor();
  }

  /** The row that Enter would choose, when it has this label. */
  focusedRow(label: string): Locator {
    return this.#widget.locator('.quick-input-list .monaco-list-row.focused', { hasText: label });
  }

  async type(text: string): Promise<void> {
    await this.input.waitFor();
    await this.input.fill(text);
  }

  /** Whether there was an input to type into within a time (ms). */
  async typed(text: string, timeout: number): Promise<boolean> {
    return await this.input.fill(text, { timeout }).then(
      () => true,
      () => false,
    );
  }

  async accept(): Promise<void> {
    await this.#page.keyboard.press('Enter');
  }

  /** Whether a row with exactly this label shows within a time (ms). */
  async has(label: string, timeout: number): Promise<boolean> {
    return await shows(this.#row(label), timeout);
  }

  /**
   * Chooses the row with exactly this label: by Enter where that chooses it, because rows that come later move the
   * others away from under the mouse.
   */
  async pick(label: string): Promise<void> {
    const row = this.#row(label);
    await row.waitFor();
    if (await row.and(this.rows.and(this.#page.locator('.focused'))).isVisible()) await this.accept();
    else await row.click();
  }

  /** Presses what ends a file dialog until it is gone: while the dialog reads a folder it takes no press. */
  async finish(target: Locator): Promise<void> {
    await target.waitFor();
    while (await this.#widget.isVisible()) {
      await target.click({ timeout: 1_000 }).catch(() => undefined);
      await this.#widget.waitFor({ state: 'hidden', timeout: 1_000 }).catch(() => undefined);
    }
  }

  /** A button of the input itself, such as the one that ends a file dialog. */
  button(name: string): Locator {
    return this.#widget.getByRole('button', { name });
  }

  #row(label: string): Locator {
    return this.rows
      .filter({
        has: this.#page.locator('.label-name', { hasText: new RegExp(`^\\s*${escape(label)}\\s*$`) }),
      })
      .first();
  }

  async dismiss(): Promise<void> {
    if (!(await this.#widget.isVisible())) return;
    await this.#page.keyboard.press('Escape');
    await this.#widget.waitFor({ state: 'detached' });
  }
}

/** Whether something shows within a time (ms); without one, it has to. */
async function shows(target: Locator, timeout: number | undefined): Promise<boolean> {
  if (timeout === undefined) {
    await target.waitFor();
    return true;
  }
  return await target.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
