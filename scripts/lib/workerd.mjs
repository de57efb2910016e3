import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/** A system as vsce names it -> the npm package with workerd for it. */
export const WORKERD = {
  'linux-x64': 'workerd-linux-64',
  'linux-arm64': 'workerd-linux-arm64',
  'darwin-x64': 'workerd-darwin-64',
  'darwin-arm64': 'workerd-darwin-arm64',
  'win32-x64': 'workerd-windows-64',
};

/** Throws an error that says what to do on a system whose workerd was not installed with the other dependencies. */
export function requireWorkerd({
  system = `${process.platform}-${process.arch}`,
  modules = path.join(root, 'node_modules'),
} = {}) {
  const name = WORKERD[system];
  if (name === undefined) {
    throw new Error(
      `There is no workerd for ${system}, and nothing runs Durable Objects without it. ` +
        'Use Linux (glibc) or macOS on x64 or arm64, or Windows on x64; or WSL or a dev container.',
    );
  }
  if (existsSync(path.join(modules, '@cloudflare', name))) return;
  throw new Error(
    `The dependencies hold no workerd for ${system}: package-lock.json does not name it. ` +
      `CONTRIBUTING.md ("Other systems") says how to add @cloudflare/${name}.`,
  );
}
