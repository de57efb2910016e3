import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const PID_FILE = 'workerd.pids';

/**
 * The workerd processes of a state folder, in a file, so that the next start can end those that outlived a parent
 * that was killed. Each has a mark: a word in its command line that no other process has.
 */
export class PidFile {
  readonly #file: string;
  readonly #marks = new Map<number, string>();

  constructor(folder: string) {
    this.#file = path.join(folder, PID_FILE);
  }

  add(pid: number, mark: string): void {
    this.#marks.set(pid, mark);
    this.#write();
  }

  remove(pid: number): void {
    if (this.#marks.delete(pid)) this.#write();
  }

  #write(): void {
    if (this.#marks.size === 0) {
      fs.rmSync(this.#file, { force: true });
      return;
    }
    fs.writeFileSync(this.#file, [...this.#marks].map(([pid, mark]) => `${pid} ${mark}\n`).join(''));
  }
}

/**
 * Ends the processes that an earlier parent left behind in this folder, and waits until they are gone. A process
 * is only ended when its command line carries the mark. Only for a folder whose lock one holds.
 */
export async function endOrphans(folder: string): Promise<number[]> {
  const file = path.join(folder, PID_FILE);
  let text: string;
  try {
    text = await fs.promises.readFile(file, 'utf8');
  } catch {
    return [];
  }
  const ended: number[] = [];
  for (const line of text.split('\n')) {
    const [pidText = '', mark = ''] = line.split(' ');
    const pid = Number(pidText);
    if (!Number.isSafeInteger(pid) || pid <= 1 || mark === '') continue;
    if (!isAlive(pid) || !(await commandLine(pid)).includes(mark)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      continue;
    }
    ended.push(pid);
    await gone(pid, mark);
  }
  await fs.promises.rm(file, { force: true });
  return ended;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The command line of a process; empty when it has none (a zombie) or cannot be read. */
async function commandLine(pid: number): Promise<string> {
  const run = promisify(execFile);
  try {
    if (process.platform === 'linux') return await fs.promises.readFile(`/proc/${pid}/cmdline`, 'utf8');
    if (process.platform === 'win32') {
      const query = `(Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}').CommandLine`;
      return (
        await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', query], {
          windowsHide: true,
        })
      ).stdout;
    }
    return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout;
  } catch {
    return '';
  }
}

async function gone(pid: number, mark: string): Promise<void> {
  for (let waited = 0; waited < 2000; waited += 10) {
    if (!isAlive(pid) || !(await commandLine(pid)).includes(mark)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
