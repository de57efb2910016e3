import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { toError } from '../../core/errors.ts';
import { STORAGE_SERVICE } from './workerdConfig.ts';
import { loadErrorText, namesModule, readWorkerdLine, type LogLine } from './workerdLog.ts';

export interface LaunchInput {
  readonly binary: string;
  readonly configFile: string;
  /** Folder of the instances' storage, which must exist; undefined when the configuration names none. */
  readonly storage: string | undefined;
  /** Port of the public socket, 0 for any. */
  readonly port: number;
  /** Milliseconds until the module must have loaded. */
  readonly deadlineMs: number;
  readonly onLine: (line: LogLine) => void;
  /** Called with the pid before anything can go wrong with it, and again when the process is gone. */
  readonly onPid: (pid: number, alive: boolean) => void;
  /** Ends a start that is under way. */
  readonly signal: AbortSignal;
}

export type LaunchResult =
  | { readonly ok: true; readonly process: WorkerdProcess }
  | { readonly ok: false; readonly reason: FailureReason; readonly message: string };

/**
 * `refused`: workerd says what is wrong with the module. `unclear`: it ended or hung without naming the module, which
 * may be at fault all the same. `notStarted`: the system did not start the program.
 */
export type FailureReason = 'refused' | 'unclear' | 'notStarted' | 'portBusy' | 'aborted';

export interface WorkerdExit {
  /** Exit code, signal, or the last error that workerd printed. */
  readonly reason: string;
}

/** A workerd that has loaded its module and listens. */
export class WorkerdProcess {
  readonly pid: number;
  readonly port: number;
  readonly controlPort: number;
  readonly exited: Promise<WorkerdExit>;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, pid: number, ports: Ports, exited: Promise<WorkerdExit>) {
    this.#child = child;
    this.pid = pid;
    this.port = ports.http;
    this.controlPort = ports.control;
    this.exited = exited;
  }

  /** SIGKILL: with an open WebSocket or an endless loop workerd outlives any other signal. Committed storage survives it. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}

interface Ports {
  readonly http: number;
  readonly control: number;
}

/** Starts workerd and waits until it listens, its module turns out not to load, or the deadline passes. */
export async function launchWorkerd(input: LaunchInput): Promise<LaunchResult> {
  let child: ChildProcess;
  try {
    child = spawnWorkerd(input);
  } catch (error) {
    // Some systems say at once what others say in an event.
    return notStarted(toError(error).message);
  }
  const output = new Output(child, input.onLine);
  const exited = new Promise<WorkerdExit>((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ reason: error.message });
    });
    // `close` and not `exit`: the reason is in the output.
    child.once('close', (code, signal) => {
      resolve({
        reason: output.lastError ?? `workerd ended with ${signal ?? `exit code ${code ?? 'unknown'}`}`,
      });
    });
  });
  const { pid } = child;
  if (pid === undefined) return notStarted((await exited).reason);
  input.onPid(pid, true);
  child.once('exit', () => input.onPid(pid, false));

  const timer = new AbortController();
  const outcome = await Promise.race([
    listening(child),
    exited.then(() => 'exited' as const),
    after(input.deadlineMs, timer.signal).then(() => 'deadline' as const),
    aborted(input.signal, timer.signal).then(() => 'aborted' as const),
  ]);
  timer.abort();

  if (typeof outcome === 'object') {
    // The listen event may overtake what was printed before it.
    await nextTurn();
    if (output.missingClasses.length === 0) {
      return { ok: true, process: new WorkerdProcess(child, pid, outcome, exited) };
    }
  }
  child.kill('SIGKILL');
  const { reason } = await exited;
  return { ok: false, ...failureOf(outcome, output, input.deadlineMs, reason) };
}

function notStarted(message: string): LaunchResult {
  return { ok: false, reason: 'notStarted', message };
}

function spawnWorkerd(input: LaunchInput): ChildProcess {
  return spawn(
    input.binary,
    [
      'serve',
      input.configFile,
      'config',
      '--control-fd=3',
      ...(input.storage === undefined ? [] : [`--directory-path=${STORAGE_SERVICE}=${input.storage}`]),
      `--socket-addr=http=127.0.0.1:${input.port}`,
      '--socket-addr=control=127.0.0.1:0',
    ],
    {
      cwd: path.dirname(input.configFile),
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // Ctrl+C in a terminal goes to the whole process group; stopping workerd is our part.
      detached: process.platform !== 'win32',
      windowsHide: true,
    },
  );
}

function failureOf(
  outcome: Ports | 'exited' | 'deadline' | 'aborted',
  output: Output,
  deadlineMs: number,
  exit: string,
): { reason: FailureReason; message: string } {
  if (outcome === 'aborted') return { reason: 'aborted', message: 'The start was cancelled.' };
  const first = output.firstError;
  if (outcome === 'deadline') {
    const message = `The module did not finish loading within ${deadlineMs / 1000} seconds: its top level runs too long or never ends.`;
    return { reason: 'unclear', message };
  }
  if (outcome === 'exited') {
    if (
      first !== undefined &&
      /^Socket "http": .*(in use|denied|not available|os error|forbidden)/i.test(first)
    ) {
      return { reason: 'portBusy', message: first };
    }
    return {
      reason: first !== undefined && namesModule(first) ? 'refused' : 'unclear',
      message: loadErrorText(first ?? exit),
    };
  }
  const names = output.missingClasses.map((name) => `"${name}"`).join(', ');
  return { reason: 'refused', message: `The module does not export a Durable Object class named ${names}.` };
}

/** Collects what workerd prints and passes on what a person should see. */
class Output {
  readonly missingClasses: string[] = [];
  firstError: string | undefined;
  lastError: string | undefined;

  constructor(child: ChildProcess, onLine: (line: LogLine) => void) {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      eachLine(stream, (text) => {
        const message = readWorkerdLine(text, Date.now());
        if (message === undefined) return;
        if (message.kind === 'missingClass') {
          this.missingClasses.push(message.className);
          return;
        }
        const { line } = message;
        if (line.stream === 'runtime' && line.level === 'error') {
          this.firstError ??= line.text;
          // What follows V8's own last words is a dump of addresses.
          if (!/^(stack:|\*\*\* Received signal)/.test(line.text)) this.lastError = line.text;
        }
        onLine(line);
      });
    }
  }
}

function listening(child: ChildProcess): Promise<Ports> {
  return new Promise((resolve) => {
    const ports = new Map<string, number>();
    const control = child.stdio[3];
    if (control === null || control === undefined) return;
    eachLine(control as Readable, (text) => {
      const event: unknown = JSON.parse(text);
      if (!isListenEvent(event)) return;
      ports.set(event.socket, event.port);
      const http = ports.get('http');
      const own = ports.get('control');
      if (http !== undefined && own !== undefined) resolve({ http, control: own });
    });
  });
}

function isListenEvent(value: unknown): value is { socket: string; port: number } {
  return typeof value === 'object' && value !== null && 'socket' in value && 'port' in value;
}

function eachLine(stream: Readable, take: (line: string) => void): void {
  stream.on('error', () => {
    // A pipe that breaks when the process is killed carries no news.
  });
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', take);
}

function after(ms: number, cancelled: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    cancelled.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}

function aborted(signal: AbortSignal, done: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true, signal: done });
  });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
