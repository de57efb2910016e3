// Runs test/editor/**/*.test.ts with mocha inside the extension host of a real editor.
// Usage: node test/rig/runEditorTests.ts [--grep TEXT]
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { results, root } from '../../scripts/lib/paths.mjs';
import { launchBrowser } from './browser.ts';
import { CodeServer } from './codeServer.ts';
import { bundleForHost, runInExtensionHost } from './extensionHost.ts';
import { unexpectedErrors } from './extensionLogs.ts';
import { TYPING_SETTINGS } from './settings.ts';
import { Workspace } from './workspace.ts';

/** Whole time in ms that the tests may take in the extension host. */
const LIMIT = 8 * 60_000;
/** What tests of test/editor provoke, as the log has it. */
const PROVOKED = [
  /write manifest: EntryExists/,
  /butterbaseDO\.deploy: /,
  /The deploy of counter to \S+ failed.*at load/,
];

interface TestResult {
  readonly title: string;
  readonly state: string;
  readonly ms?: number;
  readonly error?: string;
}

const { values } = parseArgs({ options: { grep: { type: 'string' } } });
const output = path.join(results, 'editor');
const report = path.join(output, 'report.json');
rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
print([...(await runTests(values.grep ?? ''))]);

async function runTests(grep: string): Promise<TestResult[]> {
  const tests = globSync('test/editor/**/*.test.ts', { cwd: root });
  const folder = await bundleForHost('test/editor', ['test/editor/run.ts', ...tests]);
  const workspace = await Workspace.create();
  const server = await CodeServer.start({
    extension: 'none',
    settings: TYPING_SETTINGS,
    env: { TEST_REPORT: report, TEST_GREP: grep, TEST_REPOSITORY: root },
  });
  const browser = await launchBrowser();
  const around: TestResult[] = [];
  try {
    const run = { server, browser, folder: workspace.folder, program: path.join(folder, 'run.js') };
    const outside = await runInExtensionHost({ ...run, limitMs: LIMIT });
    around.push(verdict('nothing asks anything outside of this machine', outside.join('\n')));
  } catch (error) {
    around.push(verdict('the tests end', String(error)));
  } finally {
    await browser.close();
    around.push(
      verdict('the extension logs no unexpected error', unexpectedErrors(server.extensionLogs(), PROVOKED)),
    );
    await server.stop(output);
    await workspace.remove();
  }
  return [...readReport(), ...around];
}

function verdict(title: string, trouble: string): TestResult {
  return trouble === '' ? { title, state: 'passed' } : { title, state: 'failed', error: trouble };
}

/** What test/editor/run.ts wrote. */
function readReport(): readonly TestResult[] {
  if (!existsSync(report)) return [verdict('mocha writes its report', 'There is none.')];
  return (JSON.parse(readFileSync(report, 'utf8')) as { tests: TestResult[] }).tests;
}

function print(tests: readonly TestResult[]): void {
  for (const test of tests) {
    const sign = { passed: '✔', failed: '✘' }[test.state] ?? '-';
    console.log(`  ${sign} ${test.title}${test.ms === undefined ? '' : ` (${test.ms} ms)`}`);
    if (test.error !== undefined) console.log(test.error.replaceAll(/^/gm, '      '));
  }
  const count = (state: string): number => tests.filter((test) => test.state === state).length;
  const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
  if (process.env.TEST_REPORT !== undefined) writeFileSync(process.env.TEST_REPORT, JSON.stringify(counts));
  console.log(`  ${counts.passed} passed, ${counts.failed} failed`);
  if (counts.failed > 0) process.exitCode = 1;
}
