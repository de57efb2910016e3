import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { codeServerEntry } from '../../scripts/lib/codeServer.mjs';
import { node24 } from '../../scripts/lib/node24.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { endRun, RUN_VARIABLE } from './processes.ts';
import { QUIET_SETTINGS } from './settings.ts';

export interface CodeServerOptions {
  /** What is installed: the built repository as it lies there, a package, or nothing. */
  readonly extension: 'repository' | { readonly vsix: string } | 'none';
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Ask whether a workspace is trusted, as desktop VS Code does. Off by default: everything is trusted. */
  readonly workspaceTrust?: boolean;
  /** Port to listen on; 0 or undefined: a free one. */
  readonly port?: number;
  /** Where the user data lives; a temporary folder, removed at the end, when not given. */
  readonly folder?: string;
}

/** A VS Code server of its own: own home, own user data, own extensions, loopback only. */
export class CodeServer {
  /** Value of RUN_VARIABLE in every process of this server. */
  readonly run: string;
  readonly folder: string;
  readonly home: string;
  readonly port: number;
  readonly #keep: boolean;
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #output = '';

  private constructor(parts: {
    run: string;
    folder: string;
    port: number;
    keep: boolean;
    env: NodeJS.ProcessEnv;
  }) {
    this.run = parts.run;
    this.folder = parts.folder;
    this.home = path.join(parts.folder, 'home');
    this.port = parts.port;
    this.#keep = parts.keep;
    this.#env = parts.env;
  }

  /** Resolves when the server answers. */
  static async start(options: CodeServerOptions): Promise<CodeServer> {
    const run = randomUUID();
    // A short path: the editor makes UNIX sockets below it, whose names may have about 100 characters.
    const folder = options.folder ?? (await mkdtemp(path.join(os.tmpdir(), 'bbdo-')));
    const home = path.join(folder, 'home');
    const server = new CodeServer({
      run,
      folder,
      port: options.port === undefined || options.port === 0 ? await freePort() : options.port,
      keep: options.folder !== undefined,
      env: {
        ...withoutEditorVariables(process.env),
        HOME: home,
        XDG_CONFIG_HOME: path.join(home, '.config'),
        XDG_DATA_HOME: path.join(home, '.local', 'share'),
        XDG_CACHE_HOME: path.join(home, '.cache'),
        // An empty gallery: the editor asks no marketplace.
        EXTENSIONS_GALLERY: '{}',
        [RUN_VARIABLE]: run,
        ...options.env,
      },
    });
    await server.#prepare(options);
    await server.#launch(options.workspaceTrust === true);
    return server;
  }

  /** Address of a window on a folder or workspace file of this machine; without one, of an empty window. */
  url(folder?: string): string {
    const kind = folder?.endsWith('.code-workspace') === true ? 'workspace' : 'folder';
    const query = folder === undefined ? '?ew=true' : `?${kind}=${encodeURIComponent(folder)}`;
    return `http://127.0.0.1:${this.port}/${query}`;
  }

  /** Folder with the editor's log files: one folder per start, in it one per extension host. */
  get logs(): string {
    return path.join(this.folder, 'user', 'logs');
  }

  /** Every log file of our extension and of the extension hosts so far: path below `logs` -> text. */
  extensionLogs(): Map<string, string> {
    const found = new Map<string, string>();
    if (!existsSync(this.logs)) return found;
    for (const file of readdirSync(this.logs, { recursive: true, encoding: 'utf8' })) {
      if (/remoteexthost\.log$|butterbase/i.test(file) && file.endsWith('.log')) {
        found.set(file, readFileSync(path.join(this.logs, file), 'utf8'));
      }
    }
    return found;
  }

  /** Ends the server and everything that it or the extension started. The logs are kept in `logsTo`. */
  async stop(logsTo?: string): Promise<void> {
    this.#child?.kill('SIGTERM');
    await endRun(this.run, 2000);
    if (logsTo !== undefined) {
      if (existsSync(this.logs)) cpSync(this.logs, path.join(logsTo, 'logs'), { recursive: true });
      await writeFile(path.join(logsTo, 'code-server.log'), this.#output);
    }
    if (!this.#keep) await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Resolves when the server process has ended by itself. */
  async ended(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => child.once('exit', () => resolve()));
  }

  async #prepare(options: CodeServerOptions): Promise<void> {
    for (const name of ['home', 'user/User', 'user/Machine', 'extensions']) {
      await mkdir(path.join(this.folder, name), { recursive: true });
    }
    const settings = {
      ...QUIET_SETTINGS,
      'security.workspace.trust.enabled': options.workspaceTrust === true,
    };
    await writeFile(
      path.join(this.folder, 'user/User/settings.json'),
      JSON.stringify({ ...settings, ...options.settings }, null, 2),
    );
    // A window in the browser takes settings of machine scope from here, and only from here.
    const ofMachine = Object.entries(options.settings ?? {}).filter(([key]) =>
      key.startsWith('butterbaseDO.local.'),
    );
    await writeFile(
      path.join(this.folder, 'user/Machine/settings.json'),
      JSON.stringify(Object.fromEntries(ofMachine), null, 2),
    );
    await writeFile(path.join(this.folder, 'config.yaml'), 'auth: none\n');
    await writeFile(path.join(this.folder, 'run'), this.run);
    if (options.extension === 'repository') {
      await writeFile(
        path.join(this.folder, 'extensions/extensions.json'),
        JSON.stringify([repositoryEntry()]),
      );
    } else if (options.extension !== 'none') {
      await this.install(options.extension.vsix);
    }
  }

  /** Installs a package as `code --install-extension` does. */
  async install(vsix: string): Promise<void> {
    const args = [...this.#arguments(), '--install-extension', vsix];
    await promisify(execFile)(node24(), args, { env: this.#env });
  }

  #arguments(): string[] {
    const at = (name: string): string => path.join(this.folder, name);
    return [
      codeServerEntry,
      ...['--config', at('config.yaml'), '--user-data-dir', at('user'), '--extensions-dir', at('extensions')],
    ];
  }

  async #launch(workspaceTrust: boolean): Promise<void> {
    const args = [
      ...this.#arguments(),
      ...['--bind-addr', `127.0.0.1:${this.port}`, '--auth', 'none', '--reconnection-grace-time', '5'],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      '--ignore-last-opened',
      ...(workspaceTrust ? [] : ['--disable-workspace-trust']),
    ];
    // A group of its own, so that ctrl-C in a terminal reaches only us and we end it in order.
    const child = spawn(node24(), args, {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    child.stdout.on('data', (data: Buffer) => (this.#output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (this.#output += data.toString()));
    const end = Date.now() + 30_000;
    while (!(await this.#answers())) {
      if (child.exitCode !== null)
        throw new Error(`code-server ended with ${child.exitCode}:\n${this.#output}`);
      if (Date.now() > end) {
        await this.stop();
        throw new Error(`code-server did not answer within 30 s:\n${this.#output}`);
      }
      await delay(25);
    }
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${this.port}/healthz`)).ok;
    } catch {
      return false;
    }
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** An entry of extensions.json, the editor's list of installed extensions, that names the repository itself. */
function repositoryEntry(): unknown {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    name: string;
    publisher: string;
    version: string;
  };
  return {
    identifier: { id: `${manifest.publisher}.${manifest.name}` },
    version: manifest.version,
    location: { $mid: 1, path: root, scheme: 'file' },
    metadata: { isApplicationScoped: false, source: 'vsix' },
  };
}

/** Without what an editor's own terminal sets: code-server would hand its arguments to that editor and end. */
function withoutEditorVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name)),
  );
}
