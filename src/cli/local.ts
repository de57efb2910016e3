import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allowedHost } from '../local/allowedHost.ts';
import type { LocalPlatform } from '../local/platform.ts';
import { rerunWithNewerNode } from './newerNode.ts';
import { reportFailure } from './report.ts';

const USAGE = `Usage: cli local [options]

Runs the embedded platform on 127.0.0.1 until SIGTERM or SIGINT.

Options:
  --port N             TCP port of the API (default: that of last time, else any free one)
  --state DIR          Folder for everything that has to last (default: ~/.butterbase/local)
  --json               Print one line of JSON when ready, and nothing else on stdout
  --exit-when-unused   End when no window watches the platform any more
  --allow-host H       Also answer requests for this host name (any port); may be given more than once
  --rate-limit N       Requests per minute, app and route (default: 3000)
  --faults             For tests: let callers make deploys fail, with POST /_local/faults
`;

/** Oldest Node with node:sqlite without a flag. */
const NEEDED_NODE = [22, 13] as const;

/** Runs the embedded platform; resolves with the exit code when it has ended. */
export async function localCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'number') return options;
  const rerun = await rerunWithNewerNode(NEEDED_NODE);
  if (rerun !== undefined) return rerun;
  try {
    return await runPlatform(options);
  } finally {
    // A channel to the process that started this one would keep it alive.
    if (process.connected) process.disconnect();
  }
}

async function runPlatform(options: LocalOptions): Promise<number> {
  // Not before: it needs a Node that has node:sqlite.
  const [{ startLocalPlatform, StateInUseError }, { findHolder }] = await Promise.all([
    import('../local/platform.ts'),
    import('../local/lock.ts'),
  ]);
  const ending = endRequests();
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  let platform: LocalPlatform;
  try {
    platform = await startLocalPlatform({ ...options, log });
  } catch (error) {
    if (!(error instanceof StateInUseError)) throw error;
    const holder = await findHolder(error.stateDir);
    if (holder.kind === 'answers') return attach(holder.info, options.json);
    const who = holder.pid === undefined ? 'Another process' : `The process ${holder.pid}`;
    log(`${who} holds the state folder ${error.stateDir} and does not answer.`);
    log('End that process, or choose another folder with --state.');
    return 1;
  }
  announce({ url: platform.url, apiKey: platform.apiKey, apps: platform.apps }, options.json);
  if (ending.aborted) void platform.close();
  else ending.addEventListener('abort', () => void platform.close());
  await platform.closed;
  return 0;
}

/** Aborted when somebody asks this process to end, also while the platform is only starting. */
function endRequests(): AbortSignal {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  process.once('SIGHUP', end);
  // Started by another process with a channel to it: its death is our end.
  process.once('disconnect', end);
  return controller.signal;
}

interface Announced {
  readonly url: string;
  readonly apiKey: string;
  readonly apps: readonly {
    readonly id: string;
    readonly name: string;
    readonly subdomain: string;
    readonly origin: string;
  }[];
  readonly attached?: true;
}

function announce(ready: Announced, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(ready)}\n`);
    return;
  }
  const lines = [
    `The embedded platform ${ready.attached ? 'already runs' : 'is ready'}.`,
    `  API      ${ready.url}`,
    `  API key  ${ready.apiKey}`,
    ...ready.apps.map((app) => `  App      ${app.name} (${app.id})  ${app.origin}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Another process runs the platform of this folder: says where it is. */
async function attach(info: { url: string; apiKey: string }, json: boolean): Promise<number> {
  const response = await fetch(`${info.url}/_local/state`, {
    headers: { authorization: `Bearer ${info.apiKey}` },
  });
  const state = (await response.json()) as { apps: (Announced['apps'][number] & { running: boolean })[] };
  const apps = state.apps.map(({ id, name, subdomain, origin }) => ({ id, name, subdomain, origin }));
  announce({ url: info.url, apiKey: info.apiKey, apps, attached: true }, json);
  return 0;
}

interface LocalOptions {
  readonly port: number;
  readonly stateDir: string;
  readonly json: boolean;
  readonly exitWhenUnused: boolean;
  readonly allowedHosts: readonly string[];
  readonly rateLimit?: number;
  readonly faults: boolean;
}

/** The options, or the exit code when there is nothing to run. */
function readOptions(args: readonly string[]): LocalOptions | number {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '0' },
        state: { type: 'string', default: join(homedir(), '.butterbase', 'local') },
        json: { type: 'boolean', default: false },
        'exit-when-unused': { type: 'boolean', default: false },
        'allow-host': { type: 'string', multiple: true, default: [] },
        'rate-limit': { type: 'string' },
        faults: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const rateLimit = values['rate-limit'];
    return {
      port: wholeNumber('--port', values.port, 0, 65_535),
      stateDir: notEmpty('--state', values.state),
      json: values.json,
      exitWhenUnused: values['exit-when-unused'],
      allowedHosts: values['allow-host'].map(allowedHost),
      faults: values.faults,
      ...(rateLimit === undefined ? {} : { rateLimit: wholeNumber('--rate-limit', rateLimit, 1, 1_000_000) }),
    };
  } catch (error) {
    reportFailure(error);
    process.stderr.write('Run "cli local --help" to see what can be given.\n');
    return 2;
  }
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new RangeError(`${option} takes a whole number from ${min} to ${max}, not "${text}".`);
}

/** An empty variable in a script must not stand for the folder that one happens to be in. */
function notEmpty(option: string, text: string): string {
  if (text !== '') return text;
  throw new RangeError(`${option} takes a value that is not empty.`);
}
