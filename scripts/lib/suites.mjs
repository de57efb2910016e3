import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { node24, toolEnv } from './node24.mjs';
import { results, root } from './paths.mjs';

const MINUTE = 60_000;
const bin = (...parts) => path.join(root, 'node_modules', ...parts);

/**
 * What `npm test` runs, in this order; those that are `beside` run while the ones without an editor do. `limit` is
 * the time in ms after which a suite counts as hanging.
 */
export const SUITES = [
  { name: 'check', limit: 8 * MINUTE, beside: true, run: runChecks },
  { name: 'unit', limit: 8 * MINUTE, beside: true, run: runMocha },
  { name: 'contract', limit: 10 * MINUTE, run: runMocha },
  { name: 'runtime', limit: 4 * MINUTE, beside: true, run: runMocha },
  { name: 'editor', limit: 5 * MINUTE, needsEditor: true, run: runEditor },
  { name: 'e2e', limit: 16 * MINUTE, needsEditor: true, run: runMocha },
];

/** Where a suite writes: at once, for everybody to see. */
export const TERMINAL = { say: (text) => console.log(text), stdio: 'inherit' };

/** Where a suite writes that runs beside another one: what it wrote is printed when it is asked for. */
export class Kept {
  #file = path.join(results, 'beside.log');
  #fd;

  constructor() {
    mkdirSync(results, { recursive: true });
    this.#fd = openSync(this.#file, 'w');
  }

  get stdio() {
    return this.#fd;
  }

  say(text) {
    writeSync(this.#fd, `${text}\n`);
  }

  print() {
    closeSync(this.#fd);
    process.stdout.write(readFileSync(this.#file));
  }
}

/** Runs one suite to its end; never rejects. */
export async function runSuite(suite, grep, out) {
  const started = Date.now();
  out.say(`\n── ${suite.name} ${'─'.repeat(70 - suite.name.length)}`);
  const counts = await suite.run(suite, out, grep);
  return { name: suite.name, ...counts, ms: Date.now() - started };
}

async function runChecks(suite, out) {
  const tools = [
    ['types', bin('typescript', 'bin', 'tsc'), '--noEmit'],
    ['types of the webviews', bin('typescript', 'bin', 'tsc'), '--noEmit', '-p', 'src/webview'],
    ['lint', bin('eslint', 'bin', 'eslint.js'), '.'],
    ['format', bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  ];
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [title, script, ...args] of tools) {
    const ok = (await runNode(suite, out, [script, ...args])) === 0;
    out.say(`  ${ok ? '✔' : '✘'} ${title}`);
    counts[ok ? 'passed' : 'failed'] += 1;
  }
  return counts;
}

async function runMocha(suite, out, grep) {
  const args = [bin('mocha', 'bin', 'mocha.js'), '--ui', 'tdd', '--reporter', 'scripts/lib/reporter.cjs'];
  // Far more than anything takes on a busy machine.
  const timeout = suite.needsEditor === true ? '120000' : '60000';
  args.push('--timeout', timeout, ...(process.env.CI === undefined ? [] : ['--forbid-only']));
  if (grep !== undefined) args.push('--grep', grep);
  return await counted(suite, out, grep, [...args, `test/${suite.name}/**/*.test.ts`]);
}

async function runEditor(suite, out, grep) {
  const args = [
    path.join('test', 'rig', 'runEditorTests.ts'),
    ...(grep === undefined ? [] : ['--grep', grep]),
  ];
  return await counted(suite, out, grep, args);
}

/** Runs a program that writes its counts to TEST_REPORT. One that dies, or that ran nothing, has failed. */
async function counted(suite, out, grep, args) {
  const report = path.join(results, `${suite.name}.json`);
  await mkdir(results, { recursive: true });
  await rm(report, { force: true });
  const code = await runNode(suite, out, args, { TEST_REPORT: report });
  const counts = existsSync(report)
    ? JSON.parse(readFileSync(report, 'utf8'))
    : { passed: 0, failed: 0, skipped: 0 };
  if (code !== 0 && counts.failed === 0) {
    out.say(`${suite.name} ended with ${code} although no test failed.`);
    counts.failed = 1;
  }
  if (counts.passed + counts.failed === 0 && grep === undefined) {
    out.say(`${suite.name} ran no test.`);
    counts.failed = 1;
  }
  return counts;
}

/** Resolves to the exit code, or to the word for why there is none. Ends the whole process group of a suite that hangs. */
async function runNode(suite, out, args, env = {}) {
  const child = spawn(node24(), args, {
    cwd: root,
    stdio: ['ignore', out.stdio, out.stdio],
    env: toolEnv(env),
    detached: process.platform !== 'win32',
  });
  const end = (signal) => {
    try {
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
    } catch {
      // It has ended.
    }
  };
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    out.say(`\n${suite.name} still ran after ${suite.limit / MINUTE} minutes: it hangs and is ended.`);
    end('SIGTERM');
    setTimeout(() => end('SIGKILL'), 5000).unref();
  }, suite.limit);
  const interrupt = () => {
    end('SIGTERM');
    // A suite beside this one has to hear of it, too.
    setImmediate(() => process.exit(130));
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (exitCode, signal) => resolve(exitCode ?? signal));
  });
  clearTimeout(timer);
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  return hung ? 'a time-out' : code;
}
