import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Variable that every process of one run inherits, whoever starts it and however it is detached. */
export const RUN_VARIABLE = 'BUTTERBASE_DO_RUN';

export interface RunProcess {
  readonly pid: number;
  readonly command: string;
}

/** The living processes of a run. Linux only: elsewhere nothing is found. */
export function processesOfRun(run: string): RunProcess[] {
  const found: RunProcess[] = [];
  for (const entry of listOf('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    if (!read(pid, 'environ').includes(`${RUN_VARIABLE}=${run}\0`)) continue;
    found.push({ pid, command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() });
  }
  return found;
}

/**
 * Resolves to the processes that are still there after `timeoutMs`: an empty list as soon as all are gone.
 * `command` narrows them to those whose command line it matches.
 */
export async function processesLeft(run: string, timeoutMs: number, command = /./): Promise<RunProcess[]> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const left = processesOfRun(run).filter((each) => command.test(each.command));
    if (left.length === 0 || Date.now() > end) return left;
    await delay(50);
  }
}

/** Ends what is left of a run: politely first, for good after `graceMs`. */
export async function endRun(run: string, graceMs: number): Promise<void> {
  // workerd is ended by the platform that started it, which would else take it for a crash.
  signal(
    processesOfRun(run).filter(({ command }) => !/workerd serve/.test(command)),
    'SIGTERM',
  );
  signal(await processesLeft(run, graceMs), 'SIGKILL');
  await processesLeft(run, 5000);
}

/** Sends a signal to those that still live. */
export function signal(processes: readonly RunProcess[], name: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended by itself.
    }
  }
}

function listOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
