import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { toError } from '../../core/errors.ts';
import { watchdog } from '../watchdog.ts';
import { trialConfig, type TrialConfigInput } from './trialConfig.ts';
import { launchWorkerd, type LaunchResult } from './workerdProcess.ts';

export interface TrialInput extends Omit<TrialConfigInput, 'files'> {
  /** Path of the workerd binary. */
  readonly workerd: string;
  /** ES modules by their file names; the first one is the app's. */
  readonly modules: ReadonlyMap<string, string>;
  /** Milliseconds that it may take to load. */
  readonly deadlineMs?: number;
  readonly signal: AbortSignal;
}

/** What a start for trial says about a module, or that nothing starts here. */
export type Trial =
  | { readonly kind: 'loads'; readonly printed: readonly string[] }
  /** workerd's first error, such as `Uncaught SyntaxError: …\n  at worker.mjs:81:6`. */
  | { readonly kind: 'refused'; readonly message: string; readonly printed: readonly string[] }
  /** It says nothing about the module: no program, no space, no processes, or cancelled. */
  | { readonly kind: 'noStart'; readonly reason: string };

const DEADLINE_MS = 10_000;
const PREFIX = 'butterbase-do-trial-';

/**
 * Loads a module in a workerd of its own, which is gone when this resolves: nobody can send it a request, it reaches
 * no network, and it stores nothing.
 */
export async function tryModule(input: TrialInput): Promise<Trial> {
  const result = await start(input);
  // A module without a line of anybody's code starts on every machine on which any does.
  if (result.kind === 'unclear') {
    const other = await start({ ...input, classes: [], env: {}, modules: EMPTY });
    return other.kind === 'loads'
      ? { kind: 'refused', message: result.message, printed: result.printed }
      : { kind: 'noStart', reason: result.message };
  }
  return result;
}

const EMPTY = new Map([['worker.mjs', 'export default { fetch: () => new Response() };\n']]);

type Start =
  Trial | { readonly kind: 'unclear'; readonly message: string; readonly printed: readonly string[] };

async function start(input: TrialInput): Promise<Start> {
  const mark = `${PREFIX}${randomBytes(8).toString('hex')}`;
  const folder = path.join(os.tmpdir(), mark);
  const printed: string[] = [];
  try {
    const configFile = await writeFiles(folder, input);
    const result = await launchWorkerd({
      binary: input.workerd,
      configFile,
      storage: undefined,
      port: 0,
      deadlineMs: input.deadlineMs ?? DEADLINE_MS,
      onLine: (line) => {
        if (line.stream === 'console') printed.push(line.text);
      },
      onPid: (pid, alive) => (alive ? watchdog.watch(pid, mark) : watchdog.unwatch(pid)),
      signal: input.signal,
    });
    if (result.ok) await result.process.kill();
    return readResult(result, printed);
  } catch (error) {
    return { kind: 'noStart', reason: toError(error).message };
  } finally {
    await fs.rm(folder, { recursive: true, force: true, maxRetries: 5 });
    await watchdog.endWhenIdle();
  }
}

function readResult(result: LaunchResult, printed: readonly string[]): Start {
  if (result.ok) return { kind: 'loads', printed };
  const { reason, message } = result;
  if (reason === 'refused' || reason === 'unclear') return { kind: reason, message, printed };
  return { kind: 'noStart', reason: message };
}

async function writeFiles(folder: string, input: TrialInput): Promise<string> {
  await fs.mkdir(folder, { mode: 0o700 });
  const configFile = path.join(folder, 'trial.capnp');
  const files = [...input.modules.keys()];
  await Promise.all([
    fs.writeFile(configFile, trialConfig({ ...input, files }), { mode: 0o600 }),
    ...[...input.modules].map(([file, text]) => fs.writeFile(path.join(folder, file), text, { mode: 0o600 })),
  ]);
  return configFile;
}
