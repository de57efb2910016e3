import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { BuiltModule } from '../../../src/core/bundle/buildModule.ts';
import { findWorkerd } from '../../../src/local/workerdBinary.ts';

/** Milliseconds after which a workerd that neither listens nor ends counts as hanging. */
const LONGEST = 60_000;

/** What of a module matters for loading it. */
type Loadable = Pick<BuiltModule, 'code' | 'classes'>;

/**
 * Why workerd does not load each module; undefined for one that it loads with a class behind every binding. One
 * process takes all of them, each as a worker of its own: it names the worker with every error, and goes on.
 */
export async function loadErrors(modules: readonly Loadable[]): Promise<(string | undefined)[]> {
  const folder = await mkdtemp(join(tmpdir(), 'generated-'));
  try {
    for (const [index, { code }] of modules.entries()) {
      await writeFile(join(folder, `${index}.mjs`), code);
    }
    await writeFile(join(folder, 'config.capnp'), config(modules));
    const log = await run(folder);
    if (log !== undefined) return readLog(log, modules.length);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  // A module that hangs or kills the process hides the others.
  if (modules.length === 1) return ['It hangs or ends the process.'];
  const half = modules.length >> 1;
  return [...(await loadErrors(modules.slice(0, half))), ...(await loadErrors(modules.slice(half)))];
}

/** Its namespace has no class in any module, so that workerd's warning about it says which worker comes next. */
const MARKER = 'Marker_of_worker_';

function config(modules: readonly Loadable[]): string {
  const text = (value: string): string => JSON.stringify(value);
  const workers = modules.map(({ classes }, index) => {
    const bindings = classes.map(
      ({ binding, className }) =>
        `(name = ${text(binding)}, durableObjectNamespace = (className = ${text(className)}))`,
    );
    const names = [`${MARKER}${index}`, ...new Set(classes.map(({ className }) => className))];
    const namespaces = names.map((name, at) => `(className = ${text(name)}, uniqueKey = "${index}-${at}")`);
    return `const w${index} :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "${index}.mjs")],
  compatibilityDate = "2025-01-24",
  bindings = [${bindings.join(', ')}],
  durableObjectNamespaces = [${namespaces.join(', ')}],
  durableObjectStorage = (inMemory = void),
);`;
  });
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [${modules.map((_, index) => `(name = "w${index}", worker = .w${index})`).join(', ')}],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "w0")],
  logging = (structuredLogging = true),
);
${workers.join('\n')}
`;
}

interface Log {
  readonly errors: string;
  readonly warnings: string;
}

/** What workerd says; undefined when it hangs or dies. */
async function run(folder: string): Promise<Log | undefined> {
  const child = spawn(
    findWorkerd({ near: import.meta.dirname }),
    ['serve', join(folder, 'config.capnp'), 'config', '--control-fd=3'],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    },
  );
  const log = { errors: '', warnings: '', listens: false };
  (child.stderr as Readable).setEncoding('utf8').on('data', (part: string) => (log.errors += part));
  (child.stdout as Readable).setEncoding('utf8').on('data', (part: string) => (log.warnings += part));
  // It listens when every worker is loaded, and ends when any is not.
  (child.stdio[3] as Readable).on('data', () => {
    log.listens = true;
    child.kill('SIGKILL');
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST);
  const code = await new Promise<number | null>((done) => child.once('close', done));
  clearTimeout(timer);
  return log.listens || code === 1 ? log : undefined;
}

function readLog({ errors, warnings }: Log, count: number): (string | undefined)[] {
  const found = Array.from({ length: count }, (): string | undefined => undefined);
  for (const message of messagesOf(errors)) {
    const match = /^service w(\d+): ([^]*)/.exec(message);
    if (match) found[Number(match[1])] ??= match[2];
    else if (!message.startsWith('Uncaught')) throw new Error(`workerd takes no module: ${message}`);
  }
  let worker = -1;
  for (const message of messagesOf(warnings)) {
    const name = /referenced the class "([^"]*)", but no such/.exec(message)?.[1];
    if (name === undefined) continue;
    if (name.startsWith(MARKER)) worker = Number(name.slice(MARKER.length));
    else found[worker] ??= `There is no class ${name} in the module.`;
  }
  return found;
}

function messagesOf(log: string): string[] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (line.startsWith('{') ? (JSON.parse(line) as { message: string }).message : line));
}
