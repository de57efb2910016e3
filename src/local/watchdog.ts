import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * Kills workerd processes when this process dies, however it dies: workerd does not notice the death of its
 * parent. On POSIX a small `sh` reads a pipe that only we hold; the pipe's end is our death. Windows has no such
 * shell: there the next start finds the orphans by their pid file (`src/local/runtime/orphans.ts`).
 *
 * One watchdog serves the whole process. It runs while there is something to watch.
 */
export class Watchdog {
  #shell: ChildProcess | undefined;
  readonly #watched = new Map<number, string>();

  /**
   * `mark` is a word without spaces in the command line of the process: a process that got the pid later does not
   * have it and stays alive.
   */
  watch(pid: number, mark: string): void {
    if (process.platform === 'win32') return;
    this.#watched.set(pid, mark);
    if (this.#shell === undefined) this.#start();
    else this.#say(`+ ${pid} ${mark}`);
  }

  unwatch(pid: number): void {
    if (!this.#watched.delete(pid)) return;
    this.#say(`- ${pid} -`);
  }

  /** Ends the shell when nothing is watched any more, and waits for it. */
  async endWhenIdle(): Promise<void> {
    const shell = this.#shell;
    if (shell === undefined || this.#watched.size > 0) return;
    this.#shell = undefined;
    const ended = new Promise((resolve) => shell.once('exit', resolve));
    if (shell.exitCode !== null || shell.signalCode !== null) return;
    shell.ref();
    shell.stdin?.end();
    await ended;
  }

  #start(): void {
    // A session of its own: a signal to our process group must not take the watchdog first.
    const shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#shell = shell;
    // Without a shell only the pid file protects; a failed write means the same.
    shell.once('error', () => this.#forget(shell));
    const startedAt = Date.now();
    shell.once('exit', () => {
      this.#forget(shell);
      // Somebody killed it. One that cannot live at all is not started over and over.
      if (this.#watched.size > 0 && Date.now() - startedAt > SHORT_LIFE_MS) this.#start();
    });
    shell.stdin.on('error', () => this.#forget(shell));
    shell.unref();
    if (shell.stdin instanceof Socket) shell.stdin.unref();
    for (const [pid, mark] of this.#watched) this.#say(`+ ${pid} ${mark}`);
  }

  #forget(shell: ChildProcess): void {
    if (this.#shell === shell) this.#shell = undefined;
  }

  #say(line: string): void {
    this.#shell?.stdin?.write(`${line}\n`);
  }
}

/** The watchdog of this process. */
export const watchdog = new Watchdog();

const SHORT_LIFE_MS = 1000;

const SCRIPT = `
trap '' HUP INT TERM
watched=
while read -r op pid mark; do
  rest=
  for entry in $watched; do
    [ "\${entry%%:*}" = "$pid" ] || rest="$rest $entry"
  done
  watched=$rest
  [ "$op" = + ] && watched="$watched $pid:$mark"
done
for entry in $watched; do
  pid=\${entry%%:*}
  mark=\${entry#*:}
  if [ -r "/proc/$pid/cmdline" ]; then
    args=$(tr '\\0' ' ' < "/proc/$pid/cmdline")
  else
    args=$(ps -o command= -p "$pid" 2>/dev/null)
  fi
  case $args in
    *"$mark"*) kill -9 "$pid" 2>/dev/null ;;
  esac
done
`;
