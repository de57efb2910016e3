// Runs test/editor/**/*.test.ts with mocha inside the extension host of a real editor.
// Usage: node test/rig/runEditorTests.ts [--grep TEXT]
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { cache, results, root } from '../../scripts/lib/paths.mjs';
import { developmentHost, launchBrowser, newPage } from './browser.ts';
import { CodeServer } from './codeServer.ts';
import { TYPING_SETTINGS } from './settings.ts';
import { Workbench } from './workbench.ts';
import { Workspace } from './workspace.ts';

/** Whole time in ms that the tests may take in the extension host. */
const LIMIT = 4 * 60_000;

const { values } = parseArgs({ options: { grep: { type: 'string' } } });
const output = path.join(results, 'editor');
rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
const report = path.join(output, 'report.json');

await run(await bundleTests());

async function run(tests: string): Promise<void> {
  const workspace = await Workspace.create();
  const server = await CodeServer.start({
    extension: 'none',
    settings: TYPING_SETTINGS,
    env: {
      TEST_REPORT: report,
      TEST_GREP: values.grep ?? '',
      TEST_REPOSITORY: root,
    },
  });
  const browser = await launchBrowser();
  try {
    const { page, outside } = await newPage(browser);
    const workbench = new Workbench(page);
    const exit = new Promise<void>((resolve) => {
      void page.exposeFunction('codeAutomationExit', () => resolve());
    });
    await page.exposeFunction('codeAutomationLog', (level: string, lines: unknown[]) => {
      if (process.env.VERBOSE !== undefined) console.log(`[${level}]`, ...lines);
    });
    await developmentHost(page, server, root, tests);
    await workbench.open(server.url(workspace.folder));
    const ended = await within(exit, LIMIT);
    if (!ended) {
      await workbench.screenshot('editor-hangs');
      console.log(`The tests in the extension host still ran after ${LIMIT / 1000} s.`);
    }
    if (outside.size > 0) console.log('requests that left this machine:', [...outside]);
    summarize(ended && outside.size === 0);
  } finally {
    await browser.close();
    await server.stop(output);
    await workspace.remove();
  }
}

/** One CommonJS file per test file: the extension host requires them. Mocha itself stays outside. */
async function bundleTests(): Promise<string> {
  const folder = path.join(cache, 'editor-tests');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"type":"commonjs"}\n');
  const files = globSync('test/editor/**/*.test.ts', { cwd: root });
  await build({
    absWorkingDir: root,
    entryPoints: ['test/editor/run.ts', ...files],
    outdir: folder,
    outbase: 'test/editor',
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode', 'mocha', 'workerd'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return path.join(folder, 'run.js');
}

interface Report {
  readonly tests: readonly { title: string; state: string; ms?: number; error?: string }[];
}

/** Prints what the extension host wrote, and passes the counts on to TEST_REPORT. */
function summarize(clean: boolean): void {
  const { tests }: Report = existsSync(report)
    ? (JSON.parse(readFileSync(report, 'utf8')) as Report)
    : { tests: [] };
  for (const test of tests) {
    const sign = { passed: '✔', failed: '✘' }[test.state] ?? '-';
    console.log(`  ${sign} ${test.title}${test.ms === undefined ? '' : ` (${test.ms} ms)`}`);
    if (test.error !== undefined) console.log(test.error.replace(/^/gm, '      '));
  }
  const count = (state: string): number => tests.filter((test) => test.state === state).length;
  const failed = count('failed') + (clean ? 0 : 1);
  const counts = { passed: count('passed'), failed, skipped: count('skipped') };
  if (process.env.TEST_REPORT !== undefined) writeFileSync(process.env.TEST_REPORT, JSON.stringify(counts));
  console.log(`  ${counts.passed} passed, ${counts.failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

async function within(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = await Promise.race([work.then(() => true), limit]);
  clearTimeout(timer);
  return done;
}
