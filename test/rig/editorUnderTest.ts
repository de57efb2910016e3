import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { results } from '../../scripts/lib/paths.mjs';
import { launchBrowser, newPage } from './browser.ts';
import { CodeServer, type CodeServerOptions } from './codeServer.ts';
import { unexpectedErrors } from './extensionLogs.ts';
import { processesLeft, processesOfRun, signal } from './processes.ts';
import { TYPING_SETTINGS } from './settings.ts';
import { Workbench } from './workbench.ts';
import { Workspace } from './workspace.ts';

export interface EditorOptions extends Partial<Omit<CodeServerOptions, 'folder' | 'port'>> {
  /** Name of the suite's folder below test-results. */
  readonly name: string;
  /** What the window opens; an empty folder by default. */
  readonly workspace?: () => Promise<Workspace>;
  /** Opens an empty window. */
  readonly folderless?: boolean;
  /** Entries of the log that a test of the suite provokes. */
  readonly expectedErrors?: readonly RegExp[];
}

interface Running {
  readonly server: CodeServer;
  readonly browser: Browser;
  readonly workspace: Workspace;
  readonly window: Workbench;
}

/** The editor of one suite: one server, one browser, one first window. */
export class EditorUnderTest {
  #running: Running | undefined;
  readonly outside = new Set<string>();
  readonly windows: Workbench[] = [];

  get server(): CodeServer {
    return this.#need().server;
  }

  get workspace(): Workspace {
    return this.#need().workspace;
  }

  /** The first window; once it was opened again, that. */
  get window(): Workbench {
    return this.#need().window;
  }

  /** Opens a further window with a browser profile of its own. */
  async newWindow(folder: string): Promise<Workbench> {
    return await this.#open(this.server, this.#need().browser, folder);
  }

  /** Closes every window; their extension hosts end at once, in the middle of what they do. */
  async closeWindows(): Promise<void> {
    const isHost = /--type=extensionHost/;
    const hosts = processesOfRun(this.server.run).filter(({ command }) => isHost.test(command));
    assert.notEqual(hosts.length, 0, 'no extension host was found');
    for (const { page } of this.windows) await page.close();
    signal(hosts, 'SIGKILL');
    assert.deepEqual(await processesLeft(this.server.run, 30_000, isHost), []);
  }

  /** Opens the first window again, as the same person in the same browser. */
  async openAgain(): Promise<void> {
    const running = this.#need();
    const window = new Workbench(await running.window.page.context().newPage());
    this.#running = { ...running, window };
    this.windows.push(window);
    await window.open(running.server.url(running.workspace.opened));
  }

  async start(options: EditorOptions): Promise<void> {
    const workspace = await (options.workspace ?? (() => Workspace.create()))();
    const server = await CodeServer.start({
      extension: 'repository',
      ...options,
      settings: { ...TYPING_SETTINGS, 'workbench.colorTheme': 'Dark 2026', ...options.settings },
    });
    const browser = await launchBrowser();
    try {
      const window = await this.#open(
        server,
        browser,
        options.folderless === true ? undefined : workspace.opened,
      );
      this.#running = { server, browser, workspace, window };
    } catch (error) {
      await browser.close();
      await server.stop(folderOf(options.name));
      throw error;
    }
  }

  async stop(options: EditorOptions): Promise<void> {
    const parts = this.#running;
    if (parts === undefined) return;
    await parts.browser.close();
    const errors = unexpectedErrors(parts.server.extensionLogs(), options.expectedErrors);
    await parts.server.stop(folderOf(options.name));
    await parts.workspace.remove();
    if (errors !== '') assert.fail(`The extension logged errors:\n${errors}`);
    assert.deepEqual([...this.outside], [], 'requests left this machine');
  }

  async screenshots(name: string): Promise<void> {
    for (const [index, window] of this.windows.entries()) {
      if (window.page.isClosed()) continue;
      await window.screenshot(index === 0 ? name : `${name}-window${index + 1}`);
    }
  }

  async #open(server: CodeServer, browser: Browser, folder?: string): Promise<Workbench> {
    const { page, outside } = await newPage(browser);
    page.context().on('request', () => {
      for (const url of outside) this.outside.add(url);
    });
    const window = new Workbench(page);
    this.windows.push(window);
    await window.open(server.url(folder));
    return window;
  }

  #need(): Running {
    if (this.#running === undefined) throw new Error('The editor is not started.');
    return this.#running;
  }
}

/**
 * Starts an editor before the tests of a suite and ends it after them; a failed test leaves a screenshot, and an
 * error in the extension's log fails the suite.
 */
export function editorUnderTest(options: EditorOptions): EditorUnderTest {
  const editor = new EditorUnderTest();
  suiteSetup(async () => {
    await editor.start(options);
  });
  teardown(async function () {
    const test = this.currentTest;
    if (test?.state === 'failed')
      await editor.screenshots(`failed ${test.fullTitle()}`.replaceAll(/[^\w-]+/g, '-'));
  });
  suiteTeardown(async () => {
    await editor.stop(options);
  });
  return editor;
}

/** For suites whose tests are steps of one story: after a failure the later steps are skipped. */
export function skipAfterFailure(): void {
  let failed = false;
  teardown(function () {
    if (this.currentTest?.state === 'failed') failed = true;
  });
  setup(function () {
    if (failed) this.skip();
  });
}

function folderOf(name: string): string {
  const folder = path.join(results, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
