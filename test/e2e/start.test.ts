import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser } from 'playwright-core';
import { node24, toolEnv } from '../../scripts/lib/node24.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { launchBrowser, newPage } from '../rig/browser.ts';
import { processesLeft, processesOfRun, RUN_VARIABLE } from '../rig/processes.ts';
import { SAMPLE } from '../rig/workspace.ts';
import { Workbench } from '../rig/workbench.ts';

suite('npm start', () => {
  let folder = '';
  let child: ChildProcess | undefined;
  let browser: Browser;

  suiteSetup(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bbdo-start-'));
    browser = await launchBrowser();
  });

  suiteTeardown(async () => {
    child?.kill('SIGKILL');
    await browser.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test('opens the sample with the platform running, and leaves nothing behind', async function () {
    this.timeout(180_000);
    child = spawn(node24(), ['scripts/start.mjs', '--no-open', '--browser', '--folder', folder], {
      cwd: root,
      env: toolEnv({ CI: 'true' }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await lineWith(child, /^\s*VS Code:\s+(\S+)/);
    const run = await runOf(folder);
    const workbench = new Workbench((await newPage(browser)).page);
    await workbench.open(url);
    await workbench.showView();
    await workbench.treeItem(/^Durable Object counter, .*not deployed/).waitFor();
    await workbench.treeItem(/^App local-app on Local Platform, connected/).waitFor();
    const sample = await readFile(path.join(SAMPLE, 'durable-objects/counter.ts'), 'utf8');
    assert.equal(await readFile(path.join(folder, 'workspace/durable-objects/counter.ts'), 'utf8'), sample);

    child.kill('SIGINT');
    const left = await processesLeft(run, 15_000);
    assert.deepEqual(left, []);
  });
});

/** The first group of the pattern in the first line that it matches. */
async function lineWith(child: ChildProcess, pattern: RegExp): Promise<string> {
  if (child.stdout === null) throw new Error('no output');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error(`The start ended without its address:\n${lines.join('\n')}`);
}

/** The mark of the processes that keep their data in this folder. */
async function runOf(folder: string): Promise<string> {
  const status = await readFile(path.join(folder, 'run'), 'utf8');
  assert.notDeepEqual(processesOfRun(status), [], `no process with ${RUN_VARIABLE}=${status}`);
  return status;
}
