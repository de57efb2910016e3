import { existsSync } from 'node:fs';
import path from 'node:path';
import { run, step } from './run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** Path of a Chromium or Chrome: that of the variable CHROMIUM, or one on PATH. */
export function findChromium() {
  if (process.env.CHROMIUM !== undefined && process.env.CHROMIUM !== '') return process.env.CHROMIUM;
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin'];
  const candidates = [...folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))), MAC];
  return candidates.find((candidate) => existsSync(candidate));
}

/** Finds the browser that the tests drive, and installs it on Debian when run as root. */
export async function installChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    throw new Error(
      'The tests drive a browser: install Chromium or Chrome, or set CHROMIUM to the path of one, and try again.',
    );
  }
  await step('Installing Chromium (apt-get)', async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], { env });
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'], {
      env,
    });
  });
  const installed = findChromium();
  if (installed === undefined) throw new Error('apt-get installed Chromium, yet it is not on PATH.');
  return installed;
}
