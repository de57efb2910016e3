import { readFile, readlink } from 'node:fs/promises';

/** Start time of this process as the system counts it; undefined where it does not tell. */
export async function ownStartTime(): Promise<string | undefined> {
  return (await readStat(process.pid))?.startTime;
}

/** Within what a pid means this process: one start of the system, one container. Undefined where that is not told. */
export async function ownPlace(): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()} ${await readlink('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/**
 * Whether the process of that pid still runs. `unknown` when a process of that pid runs but may be another
 * one: only Linux tells when a process started.
 */
export async function processState(
  pid: number,
  startTime: string | undefined,
): Promise<'running' | 'gone' | 'unknown'> {
  if (!exists(pid)) return 'gone';
  const now = await readStat(pid);
  if (now === undefined || startTime === undefined) return exists(pid) ? 'unknown' : 'gone';
  return now.zombie || now.startTime !== startTime ? 'gone' : 'running';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

async function readStat(pid: number): Promise<{ zombie: boolean; startTime: string } | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // Field 2 is the program's name in brackets, which may itself hold blanks and brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const startTime = fields[19];
    return startTime === undefined ? undefined : { zombie: state === 'Z' || state === 'X', startTime };
  } catch {
    return undefined;
  }
}
