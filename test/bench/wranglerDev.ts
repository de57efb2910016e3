import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { bindingOf } from '../../src/core/model/names.ts';
import { extractClassName } from '../../src/core/bundle/className.ts';

interface Source {
  readonly name: string;
  readonly code: string;
}

/** `wrangler dev` with the same classes behind the same paths. wrangler is installed by its first use. */
export class WranglerDev {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #output: () => string;
  readonly origin: string;

  private constructor(child: ChildProcess, folder: string, output: () => string, origin: string) {
    this.#child = child;
    this.#output = output;
    this.#folder = folder;
    this.origin = origin;
  }

  static async start(folder: string, sources: readonly Source[]): Promise<WranglerDev> {
    await install();
    fs.mkdirSync(folder, { recursive: true });
    for (const source of sources) fs.writeFileSync(fileOf(folder, source), source.code);
    const classes = sources.map((source) => ({ ...source, className: extractClassName(source.code) }));
    fs.writeFileSync(path.join(folder, 'index.ts'), entry(classes));
    fs.writeFileSync(path.join(folder, 'wrangler.json'), JSON.stringify(config(classes)));
    const cli = path.join(import.meta.dirname, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
    const child = spawn(
      process.execPath,
      [cli, 'dev', '--ip', '127.0.0.1', '--port', '0', '--inspector-port', '0'],
      {
        cwd: folder,
        env: {
          ...process.env,
          CI: '1',
          WRANGLER_SEND_METRICS: 'false',
          WRANGLER_LOG_PATH: folder,
          HOME: folder,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: process.platform !== 'win32',
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output += String(chunk)));
    const origin = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', () => {
        const ready = /Ready on (http:\/\/[\w.]+:\d+)/.exec(output)?.[1];
        if (ready !== undefined) resolve(ready);
      });
      child.once('exit', () => reject(new Error(`wrangler dev ended:\n${output}`)));
    });
    return new WranglerDev(child, folder, () => output, origin);
  }

  write(source: Source): void {
    fs.writeFileSync(fileOf(this.#folder, source), source.code);
  }

  /** With everything that it started. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
      console.log(`  wrangler dev had ended by itself: ${this.#output()}`);
      return;
    }
    const exit = once(this.#child, 'exit');
    const { pid } = this.#child;
    if (pid !== undefined && process.platform !== 'win32') process.kill(-pid, 'SIGKILL');
    else this.#child.kill('SIGKILL');
    await exit;
  }
}

async function install(): Promise<void> {
  const installed = path.join(import.meta.dirname, 'node_modules', '.package-lock.json');
  if (fs.existsSync(installed)) return;
  console.log('  installing wrangler');
  await promisify(execFile)('npm', ['ci', '--ignore-scripts'], { cwd: import.meta.dirname });
}

function fileOf(folder: string, source: Source): string {
  return path.join(folder, `${source.name}.ts`);
}

function entry(classes: readonly (Source & { className: string })[]): string {
  const exports = classes.map((each) => `export { ${each.className} } from './${each.name}';`);
  const routes = classes.map((each) => `  '${each.name}': '${bindingOf(each.name)}',`);
  return `${exports.join('\n')}

const ROUTES: Record<string, string> = {
${routes.join('\n')}
};

export default {
  async fetch(request: Request, env: Record<string, DurableObjectNamespace>): Promise<Response> {
    const [, , name = '', instance = ''] = new URL(request.url).pathname.split('/');
    const namespace = env[ROUTES[name] ?? ''];
    if (namespace === undefined) return new Response('unknown', { status: 404 });
    return namespace.get(namespace.idFromName(instance)).fetch(request);
  },
};
`;
}

function config(classes: readonly (Source & { className: string })[]): object {
  return {
    name: 'bench',
    main: 'index.ts',
    compatibility_date: '2025-01-24',
    durable_objects: {
      bindings: classes.map((each) => ({ name: bindingOf(each.name), class_name: each.className })),
    },
    migrations: [{ tag: 'v1', new_classes: classes.map((each) => each.className) }],
  };
}
