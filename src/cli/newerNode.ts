import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { DoError, ERROR_CODES } from '../core/errors.ts';

/** Set for the process that was started with the newer Node, so that it is not tried twice. */
const MARK = 'BUTTERBASE_DO_NEWER_NODE';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * When this Node is older than `needed`, runs the same command line with the newer one that the project's
 * dependencies bring along, and resolves with its exit code. Undefined when this Node is new enough.
 * @throws DoError when there is no newer one
 */
export async function rerunWithNewerNode(needed: readonly [number, number]): Promise<number | undefined> {
  if (isAtLeast(process.versions.node, needed)) return undefined;
  const script = realpathSync(process.argv[1] ?? '.');
  const node = process.env[MARK] === undefined ? findNode(dirname(script)) : undefined;
  if (node === undefined) {
    throw new DoError({
      code: ERROR_CODES.localPlatform,
      message: `The embedded platform needs Node ${needed.join('.')} or later; this is ${process.versions.node}.`,
      nextStep: 'Install a current Node and run the command with it.',
    });
  }
  const child = spawn(node, [...process.execArgv, script, ...process.argv.slice(2)], {
    // The channel carries nothing: its end tells the child that this process died.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [MARK]: '1' },
  });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const each of SIGNALS) process.off(each, forward);
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
    });
  });
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** The Node of the npm package `node-<platform>-<arch>`, next to the script or in a folder above it. */
function findNode(start: string): string | undefined {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name, 'bin', program);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
}
