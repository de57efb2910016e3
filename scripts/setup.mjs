// Installs what `npm start` and `npm test` need on a machine with git and Node 20 or later.
// Usage: node scripts/setup.mjs [--no-browser]
import { pathToFileURL } from 'node:url';
import { installChromium } from './lib/chromium.mjs';
import { installCodeServer } from './lib/codeServer.mjs';
import { installDependencies } from './lib/dependencies.mjs';
import { node24 } from './lib/node24.mjs';
import { requireWorkerd } from './lib/workerd.mjs';

/** Does nothing, quickly, for what is there already. Throws an error that says what to install when it cannot. */
export async function setup({ browser = true, editor = true } = {}) {
  await installDependencies();
  node24();
  requireWorkerd();
  if (editor) await installCodeServer();
  if (browser) await installChromium();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await setup({ browser: !process.argv.includes('--no-browser') });
    console.log('ready');
  } catch (error) {
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
