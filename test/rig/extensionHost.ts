import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { build } from 'esbuild';
import { cache, root } from '../../scripts/lib/paths.mjs';
import { developmentHost, newPage } from './browser.ts';
import type { CodeServer } from './codeServer.ts';
import { Workbench } from './workbench.ts';

/**
 * Bundles programs for the extension host, one CommonJS file each, since the extension host requires them.
 * Mocha stays outside. Resolves to the folder; `base` is cut from the paths in it.
 */
export async function bundleForHost(base: string, entries: readonly string[]): Promise<string> {
  const folder = path.join(cache, 'host', base);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"type":"commonjs"}\n');
  await build({
    absWorkingDir: root,
    entryPoints: [...entries],
    outdir: folder,
    outbase: base,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return folder;
}

export interface HostRun {
  readonly server: CodeServer;
  readonly browser: Browser;
  /** Folder that the window opens. */
  readonly folder: string;
  /** File whose `run()` the extension host calls. */
  readonly program: string;
  /** Folder of the extension; the repository by default. */
  readonly extension?: string;
  readonly limitMs: number;
}

/**
 * Opens a window that loads the extension and calls a program's `run()` in its extension
 * host; resolves when that has ended, to the requests that left this machine meanwhile. Rejects when it hangs.
 */
export async function runInExtensionHost(options: HostRun): Promise<readonly string[]> {
  const { page, outside } = await newPage(options.browser);
  const workbench = new Workbench(page);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`The program in the extension host still ran after ${options.limitMs / 1000} s.`));
    }, options.limitMs);
  });
  const ended = new Promise<void>((resolve) => {
    void page.exposeFunction('codeAutomationExit', () => resolve());
  });
  try {
    await page.exposeFunction('codeAutomationLog', (level: string, lines: unknown[]) => {
      if (process.env.VERBOSE !== undefined) console.log(`[${level}]`, ...lines);
    });
    await developmentHost(page, options.server, options.extension ?? root, options.program);
    await workbench.open(options.server.url(options.folder));
    await Promise.race([ended, limit]);
    return [...outside];
  } catch (error) {
    await workbench.screenshot('extension-host-hangs');
    throw error;
  } finally {
    clearTimeout(timer);
    await page.context().close();
  }
}
