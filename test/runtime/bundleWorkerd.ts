import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { BuiltModule } from '../../src/core/bundle/buildModule.ts';
import { findWorkerd } from '../../src/local/workerdBinary.ts';

export interface LoadedModule {
  /** Ports by socket name. */
  readonly ports: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

export interface LoadOptions {
  /** Text bindings besides the namespaces. */
  readonly env?: Readonly<Record<string, string>>;
  /** The entrypoint of a second socket, `control`. */
  readonly control?: string;
}

/** The error text of workerd when it refuses the module, or the running process. */
export async function loadModule(
  module: BuiltModule,
  options: LoadOptions = {},
): Promise<LoadedModule | string> {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  await mkdir(join(folder, 'do'));
  await writeFile(join(folder, 'worker.mjs'), module.code);
  await writeFile(join(folder, 'config.capnp'), config(module, options));
  const child = spawn(
    findWorkerd({ near: import.meta.dirname }),
    [
      'serve',
      join(folder, 'config.capnp'),
      'config',
      '--control-fd=3',
      `--directory-path=do=${join(folder, 'do')}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  const errors: string[] = [];
  (child.stderr as Readable).setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const wanted = options.control === undefined ? ['http'] : ['http', 'control'];
  const ports = await Promise.race([listening(child.stdio[3] as Readable, wanted), ended]);
  if (ports) return { ports, stop };
  await stop();
  return messageOf(errors.join(''));
}

function config(module: BuiltModule, options: LoadOptions): string {
  const text = (value: string): string => JSON.stringify(value);
  const bindings = [
    ...Object.entries(options.env ?? {}).map(
      ([key, value]) => `(name = ${text(key)}, text = ${text(value)})`,
    ),
    ...module.classes.map(
      (c) => `(name = ${text(c.binding)}, durableObjectNamespace = (className = ${text(c.className)}))`,
    ),
  ];
  const namespaces = [...new Set(module.classes.map((c) => c.className))].map(
    (name) => `(className = ${text(name)}, uniqueKey = ${text(`test-${name}`)}, enableSql = false)`,
  );
  const control =
    options.control === undefined
      ? ''
      : `(name = "control", address = "127.0.0.1:0", http = (), service = (name = "user", entrypoint = "${options.control}")),`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "user", worker = .userWorker),
    (name = "do", disk = (writable = true)),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "user"), ${control}],
  logging = (structuredLogging = true),
);
const userWorker :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2025-01-24",
  bindings = [${bindings.join(', ')}],
  durableObjectNamespaces = [${namespaces.join(', ')}],
  durableObjectStorage = (localDisk = "do"),
);
`;
}

function listening(
  control: Readable,
  wanted: readonly string[],
): Promise<Record<string, number> | undefined> {
  const ports: Record<string, number> = {};
  let rest = '';
  return new Promise((done) => {
    control.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = JSON.parse(line) as { event: string; socket?: string; port?: number };
        if (event.event === 'listen' && event.socket !== undefined) ports[event.socket] = event.port ?? 0;
      }
      if (wanted.every((name) => name in ports)) done(ports);
    });
  });
}

/** The first line of the log, without what workerd says about every class afterwards. */
function messageOf(log: string): string {
  const [first = ''] = log.split('\n');
  try {
    return (JSON.parse(first) as { message: string }).message;
  } catch {
    return log;
  }
}
