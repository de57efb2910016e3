import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { workerdConfig, type WorkerdConfigInput } from './workerdConfig.ts';

const PREFIX = 'run-';
const MODULE_FILE = 'worker.mjs';

/**
 * What one start of workerd reads: configuration and module. The configuration holds env values, so the folder is
 * for its owner only, and it is removed as soon as workerd has read it.
 */
export interface RunFiles {
  readonly configFile: string;
  /** The same app with storage in memory, for a start that only checks the module. */
  readonly checkConfigFile: string;
  /** A word that is in the command line of every workerd started from these files, and in no other. */
  readonly mark: string;
  remove(): Promise<void>;
}

export async function writeRunFiles(
  folder: string,
  module: string,
  config: Omit<WorkerdConfigInput, 'moduleFile' | 'storage'>,
): Promise<RunFiles> {
  const mark = `${PREFIX}${randomBytes(8).toString('hex')}`;
  const own = path.join(folder, mark);
  const configFile = path.join(own, 'config.capnp');
  const checkConfigFile = path.join(own, 'check.capnp');
  await fs.mkdir(own, { mode: 0o700 });
  await Promise.all([
    write(configFile, workerdConfig({ ...config, moduleFile: MODULE_FILE, storage: 'disk' })),
    write(checkConfigFile, workerdConfig({ ...config, moduleFile: MODULE_FILE, storage: 'memory' })),
    write(path.join(own, MODULE_FILE), module),
  ]);
  // Retries: on Windows the files of a process that just ended stay locked for a moment.
  const remove = () => fs.rm(own, { recursive: true, force: true, maxRetries: 5 });
  return { configFile, checkConfigFile, mark, remove };
}

/** Removes what a parent that was killed left behind. */
export async function removeLeftRunFiles(folder: string): Promise<void> {
  const left = (await fs.readdir(folder)).filter((name) => name.startsWith(PREFIX));
  await Promise.all(left.map((name) => fs.rm(path.join(folder, name), { recursive: true, force: true })));
}

function write(file: string, text: string): Promise<void> {
  return fs.writeFile(file, text, { mode: 0o600 });
}
