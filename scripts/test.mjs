// Runs every test on a machine with git and Node 20 or later.
// Usage: npm test -- [--only check,unit,contract,runtime,editor,e2e] [--grep TEXT]
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { node24 } from './lib/node24.mjs';
import { results, root } from './lib/paths.mjs';
import { run, step } from './lib/run.mjs';
import { Kept, runSuite, SUITES, TERMINAL } from './lib/suites.mjs';
import { setup } from './setup.mjs';

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await test(options());
  } catch (error) {
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}

/** Resolves to the exit code. */
async function test({ only, grep }) {
  const suites = only === undefined ? SUITES : SUITES.filter(({ name }) => only.includes(name));
  const editor = suites.some(({ needsEditor }) => needsEditor === true);
  await setup({ editor, browser: editor });
  await step('Building', () => run(node24(), [path.join('scripts', 'build.mjs')], { cwd: root }));
  if (only === undefined) await rm(results, { recursive: true, force: true });

  const done = await runAll(suites, grep);

  console.log('');
  for (const { name, passed, failed, skipped, ms } of done) {
    const rest = skipped === 0 ? '' : `, ${skipped} skipped`;
    console.log(
      `${name.padEnd(10)} ${passed} passed, ${failed} failed${rest} in ${(ms / 1000).toFixed(1)} s`,
    );
  }
  const sum = (key) => done.reduce((total, counts) => total + counts[key], 0);
  const skipped = sum('skipped') === 0 ? '' : `, ${sum('skipped')} skipped`;
  console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped}`);
  return sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
}

/** Most suites keep one of the machine's cores busy at a time. Those with an editor need all of them. */
async function runAll(suites, grep) {
  const inTurn = async (some, out) => {
    const done = [];
    for (const suite of some) done.push(await runSuite(suite, grep, out));
    return done;
  };
  const beside = suites.filter((suite) => suite.beside === true);
  const others = suites.filter((suite) => suite.beside !== true && suite.needsEditor !== true);
  const withEditor = suites.filter((suite) => suite.needsEditor === true);
  const kept = others.length === 0 ? undefined : new Kept();
  const done = await Promise.all([inTurn(beside, kept ?? TERMINAL), inTurn(others, TERMINAL)]);
  kept?.print();
  return [...done.flat(), ...(await inTurn(withEditor, TERMINAL))];
}

function options() {
  const { values } = parseArgs({ options: { only: { type: 'string' }, grep: { type: 'string' } } });
  const only = values.only?.split(',');
  const unknown = only?.find((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    throw new Error(
      `There is no suite "${unknown}". There are: ${SUITES.map(({ name }) => name).join(', ')}.`,
    );
  }
  return { only, grep: values.grep };
}
