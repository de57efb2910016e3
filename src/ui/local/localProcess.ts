import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { access, constants, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DoError, ERROR_CODES, toError } from '../../core/errors.ts';
import { allowedHost } from '../../local/allowedHost.ts';
import { makeStateFolder } from '../../local/stateFolder.ts';
import { redact } from '../redact.ts';
import { isRecord, localRequest, type LocalAddress } from './localHttp.ts';

/** An app of the embedded platform. */
export interface LocalApp {
  readonly id: string;
  readonly name: string;
  /** Where its instances live, no trailing slash. Empty while the app has no address. */
  readonly origin: string;
}

export interface LocalReady extends LocalAddress {
  readonly apps: readonly LocalApp[];
}

export interface StartOptions {
  /** The program that runs JavaScript: of an extension host `process.execPath`, which may be Electron. */
  readonly execPath: string;
  /** The built command line, dist/cli.js. */
  readonly cli: string;
  readonly stateDir: string;
  readonly allowedHosts: readonly string[];
  /** A folder of this window for the process's output. */
  readonly outputDir: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the start counts as failed. */
  readonly timeoutMs?: number;
}

/** The embedded platform that runs on this state folder and answers; undefined when none does. Starts nothing. */
export async function findRunning(stateDir: string): Promise<LocalReady | undefined> {
  const address = await readAddress(stateDir);
  if (address === undefined) return undefined;
  try {
    return { ...address, apps: await readApps(address) };
  } catch {
    return undefined;
  }
}

/** The apps of a running embedded platform with the address of their instances. */
export async function readApps(address: LocalAddress): Promise<readonly LocalApp[]> {
  const state = await localRequest(address, 'GET', '/_local/state', 3000);
  return parseApps(isRecord(state) ? state['apps'] : undefined);
}

/**
 * Starts the embedded platform as a process of its own, which outlives this window while others use it.
 * Its output goes to files, since a pipe would break with this window. Throws DoError `LOCAL_PLATFORM`.
 */
export async function startProcess(options: StartOptions): Promise<LocalReady> {
  await ensureWritable(options.stateDir);
  const hosts = checkedHosts(options.allowedHosts);
  await mkdir(options.outputDir, { recursive: true });
  const stem = path.join(options.outputDir, `local-platform-${process.pid}-${Date.now()}`);
  const files = { out: `${stem}.out`, err: `${stem}.err` };
  const child = spawnDetached({ ...options, allowedHosts: hosts }, files);
  let ended: { code: number | null; error?: Error } | undefined;
  child.on('exit', (code) => (ended = { code }));
  child.on('error', (error) => (ended = { code: null, error }));
  const deadline = Date.now() + (options.timeoutMs ?? 30_000);
  try {
    for (;;) {
      // Looked at before the output is read: what a process wrote before it ended is then complete.
      const end = ended;
      const ready = parseReady(await readText(files.out));
      if (ready !== undefined) return ready;
      if (end !== undefined) throw startFailure(await readText(files.err), end);
      if (options.signal?.aborted === true) throw stopChild(child.pid, options.signal);
      if (Date.now() > deadline) {
        stopChild(child.pid);
        throw failure(
          `The embedded platform was not ready in time. ${lastLines(await readText(files.err))}`.trim(),
          'Try again; the log has what it wrote.',
        );
      }
      await sleep(25);
    }
  } finally {
    child.unref();
    await Promise.all([
      rm(files.out, { force: true }),
      ended === undefined ? undefined : rm(files.err, { force: true }),
    ]);
  }
}

async function readAddress(stateDir: string): Promise<LocalAddress | undefined> {
  try {
    const value = JSON.parse(await readFile(path.join(stateDir, 'platform.json'), 'utf8')) as unknown;
    return isRecord(value) ? parseAddress(value) : undefined;
  } catch {
    return undefined;
  }
}

function parseAddress(value: Record<string, unknown>): LocalAddress | undefined {
  const { url, apiKey } = value;
  if (
    typeof url !== 'string' ||
    typeof apiKey !== 'string' ||
    !/^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+\/?$/.test(url)
  ) {
    return undefined;
  }
  return { url: url.replace(/\/$/, ''), apiKey };
}

function parseApps(value: unknown): readonly LocalApp[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((app: unknown) =>
    isRecord(app) && typeof app['id'] === 'string' && typeof app['name'] === 'string'
      ? [
          {
            id: app['id'],
            name: app['name'],
            origin: typeof app['origin'] === 'string' ? app['origin'].replace(/\/$/, '') : '',
          },
        ]
      : [],
  );
}

/** The one line of `--json`, once it is whole. */
export function parseReady(output: string): LocalReady | undefined {
  for (const line of output.split('\n').slice(0, -1)) {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      continue;
    }
    if (!isRecord(value)) continue;
    const address = parseAddress(value);
    if (address !== undefined) return { ...address, apps: parseApps(value['apps']) };
  }
  return undefined;
}

function checkedHosts(hosts: readonly string[]): readonly string[] {
  try {
    return hosts.map(allowedHost);
  } catch (error) {
    const { message, nextStep } = error as DoError;
    throw failure(message, `${nextStep} It is in the setting butterbaseDO.local.allowedHosts.`, error);
  }
}

async function ensureWritable(folder: string): Promise<void> {
  try {
    makeStateFolder(folder);
    await access(folder, constants.W_OK);
  } catch (error) {
    const cause = error instanceof DoError ? error.cause : error;
    throw failure(
      cause === undefined
        ? toError(error).message
        : `The embedded platform cannot write to its state folder ${folder}: ${reasonOf(cause)}.`,
      'Make the folder writable, or name another one in the setting butterbaseDO.local.stateFolder.',
      error,
    );
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'it is read-only for this user';
  if (code === 'ENOTDIR' || code === 'EEXIST') return 'a part of the path is a file';
  return code === 'ENOSPC' ? 'the disk is full' : toError(error).message;
}

function spawnDetached(options: StartOptions, files: { out: string; err: string }): ReturnType<typeof spawn> {
  const out = openSync(files.out, 'w', 0o600);
  const err = openSync(files.err, 'w', 0o600);
  try {
    const hosts = options.allowedHosts.flatMap((host) => ['--allow-host', host]);
    const args = [
      options.cli,
      'local',
      '--state',
      options.stateDir,
      '--port',
      '0',
      '--json',
      '--exit-when-unused',
      ...hosts,
    ];
    return spawn(options.execPath, args, {
      detached: true,
      windowsHide: true,
      stdio: ['ignore', out, err],
      cwd: options.stateDir,
      env: { ...withoutHostVariables(process.env), ELECTRON_RUN_AS_NODE: '1' },
    });
  } finally {
    closeSync(out);
    closeSync(err);
  }
}

/** Variables with which an editor steers its own processes would steer ours as well. */
function withoutHostVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([key]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_CHANNEL_FD$)/.test(key)),
  );
}

function stopChild(pid: number | undefined, signal?: AbortSignal): Error {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
  return toError(signal?.reason);
}

function startFailure(stderr: string, end: { code: number | null; error?: Error }): DoError {
  const said = lastLines(stderr);
  const message =
    end.error !== undefined
      ? `The embedded platform could not be started: ${end.error.message}.`
      : said === ''
        ? `The embedded platform ended before it was ready (exit code ${end.code ?? 'none'}).`
        : said;
  return failure(message, '', end.error);
}

/** What a process said at its end; of a crash the error without its stack. */
export function lastLines(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^\(node:\d+\)|^\(Use `|^Run "cli /.test(line));
  const crash = lines.some((line) => line.startsWith('at '))
    ? lines.find((line) => /^(?:\w+ )?\w*Error(?: \[\w+\])?: /.test(line))
    : undefined;
  const said = crash ?? lines.slice(-6).join(' ');
  // The editor has a setting for what is an option of the command line.
  const inEditor = said.replace('with --state', 'in the setting butterbaseDO.local.stateFolder');
  return redact(inEditor).slice(0, 800);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

function failure(message: string, nextStep: string, cause?: unknown): DoError {
  return new DoError({ code: ERROR_CODES.localPlatform, message, nextStep, cause });
}
