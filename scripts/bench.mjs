// Runs test/bench/*.bench.ts one after the other. Usage: npm run bench -- [NAME …]
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { node24, toolEnv } from './lib/node24.mjs';
import { root } from './lib/paths.mjs';
import { run, step } from './lib/run.mjs';
import { setup } from './setup.mjs';

const wanted = process.argv.slice(2);
const benches = readdirSync(path.join(root, 'test', 'bench'))
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => wanted.length === 0 || wanted.includes(path.basename(file, '.bench.ts')));

try {
  await setup();
  await step('Building', () => run(node24(), [path.join('scripts', 'build.mjs')], { cwd: root }));
} catch (error) {
  console.error(`\n${error.message}`);
  process.exit(1);
}
for (const file of benches) {
  console.log(`\n── ${path.basename(file, '.bench.ts')}`);
  try {
    await run(node24(), [path.join('test', 'bench', file)], { cwd: root, env: toolEnv(), show: true });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
