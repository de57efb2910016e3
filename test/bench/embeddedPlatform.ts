import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** The embedded platform as people run it: the built command line, in a process of its own. */
export class EmbeddedPlatform {
  readonly #child: ChildProcess;
  readonly #url: string;
  readonly #apiKey: string;
  readonly #appId: string;
  readonly origin: string;

  private constructor(child: ChildProcess, ready: Ready) {
    const [app] = ready.apps;
    if (app === undefined) throw new Error('The embedded platform has no app.');
    this.#child = child;
    this.#url = ready.url;
    this.#apiKey = ready.apiKey;
    this.#appId = app.id;
    this.origin = app.origin;
  }

  static async start(stateDir: string): Promise<EmbeddedPlatform> {
    const cli = path.resolve(import.meta.dirname, '..', '..', 'dist', 'cli.js');
    const child = spawn(process.execPath, [cli, 'local', '--json', '--port', '0', '--state', stateDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return new EmbeddedPlatform(child, JSON.parse(line.toString()) as Ready);
  }

  async register(name: string, code: string): Promise<void> {
    const response = await fetch(`${this.#url}/v1/${this.#appId}/durable-objects`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, code, access_mode: 'public' }),
    });
    if (!response.ok) throw new Error(`Registering ${name}: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  }

  async stop(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exit;
  }
}

interface Ready {
  readonly url: string;
  readonly apiKey: string;
  readonly apps: readonly { readonly id: string; readonly origin: string }[];
}
