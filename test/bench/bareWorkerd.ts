import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** workerd with the least that runs a module's classes: what the embedded platform is compared with. */
export class BareWorkerd {
  readonly #binary: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  port = 0;

  constructor(binary: string, folder: string, classes: readonly { className: string; binding: string }[]) {
    this.#binary = binary;
    this.#folder = folder;
    fs.mkdirSync(path.join(folder, 'do'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'config.capnp'), config(classes));
  }

  /** Kills what runs and starts `module` on the same port. */
  async start(module: string): Promise<void> {
    fs.writeFileSync(path.join(this.#folder, 'worker.mjs'), module);
    await this.stop();
    const child = spawn(
      this.#binary,
      ['serve', 'config.capnp', 'config', '--control-fd=3', `--socket-addr=http=127.0.0.1:${this.port}`],
      {
        cwd: this.#folder,
        stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
        // A session of its own, as on the embedded platform: Linux schedules sessions against each other.
        detached: process.platform !== 'win32',
      },
    );
    this.#child = child;
    const lines = createInterface({ input: child.stdio[3] as Readable });
    const [line] = (await once(lines, 'line')) as [string];
    this.port = (JSON.parse(line) as { port: number }).port;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
}

function config(classes: readonly { className: string; binding: string }[]): string {
  const bindings = classes.map(
    (c) => `(name = "${c.binding}", durableObjectNamespace = (className = "${c.className}"))`,
  );
  const namespaces = classes.map((c) => `(className = "${c.className}", uniqueKey = "bare-${c.className}")`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "disk", disk = (path = "do", writable = true))],
  sockets = [(name = "http", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2025-01-24",
  bindings = [${bindings.join(', ')}],
  durableObjectNamespaces = [${namespaces.join(', ')}],
  durableObjectStorage = (localDisk = "disk"),
);
`;
}
