// Compares the linter with the bundler and the runtime on generated apps.
// Usage: npm run fuzz -- [--apps N] [--seed S] [--most KINDS] [--broken]
import path from 'node:path';
import { node24, toolEnv } from './lib/node24.mjs';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { setup } from './setup.mjs';

try {
  await setup();
  const script = path.join('test', 'contract', 'generate', 'campaign.ts');
  await run(node24(), [script, ...process.argv.slice(2)], { cwd: root, env: toolEnv(), show: true });
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
