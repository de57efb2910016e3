import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './paths.mjs';

/** Oldest major version that runs code-server and our TypeScript files as they are. */
const MAJOR = 24;

const packagedNode = path.join(
  root,
  'node_modules',
  `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** A Node that is new enough: the running one, else the one that `npm ci` installed. Throws when there is none. */
export function node24() {
  if (Number(process.versions.node.split('.')[0]) >= MAJOR) return process.execPath;
  if (existsSync(packagedNode)) return packagedNode;
  throw new Error(
    `Node ${MAJOR} is needed, this is ${process.versions.node}, and there is no packaged one for ` +
      `${os.platform()} on ${os.arch()}. Install Node ${MAJOR} and try again.`,
  );
}

/** The environment in which `node` and the tools of node_modules are found first. */
export function toolEnv(extra = {}) {
  const folders = [path.dirname(node24()), path.join(root, 'node_modules', '.bin'), process.env.PATH ?? ''];
  return { ...process.env, PATH: folders.join(path.delimiter), ...extra };
}

/**
 * Runs the calling script again under Node 24 when the running one is older; resolves to true then, with the
 * exit code of that run set. Signals are passed on, so that nothing is left behind.
 */
export async function reranUnderNode24(script) {
  const node = node24();
  if (node === process.execPath) return false;
  const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: 'inherit', env: toolEnv() });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
  return true;
}
