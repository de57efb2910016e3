import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';
import { run, step } from './run.mjs';

/** Installs what package-lock.json names when node_modules is missing or holds something else. */
export async function installDependencies() {
  if (isInstalled()) return;
  await step('Installing the dependencies (npm ci)', () =>
    run('npm', ['ci', '--ignore-scripts'], { cwd: root }),
  );
}

/** npm writes node_modules/.package-lock.json last, so an interrupted install is seen too. */
function isInstalled() {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = packagesOf(path.join(root, 'package-lock.json'));
  const present = packagesOf(installed);
  return Object.entries(wanted).every(
    ([folder, entry]) =>
      folder === '' ||
      (folder in present
        ? present[folder].version === entry.version
        : entry.optional === true || entry.peer === true),
  );
}

function packagesOf(lockfile) {
  return JSON.parse(readFileSync(lockfile, 'utf8')).packages;
}
