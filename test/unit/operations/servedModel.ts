import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AccessMode } from '../../../src/core/model/app.ts';
import { FakePlatform, json, type Received } from '../platform/fakePlatform.ts';
import { ModelPlatform, type Outcome } from './modelPlatform.ts';

export const APP = { id: 'app_1', name: 'one', subdomain: 'one', region: 'us-east-1' } as const;
const BASE = `/v1/${APP.id}/durable-objects`;

/** The model of the platform behind a real HTTP server. */
export class ServedModel {
  readonly model = new ModelPlatform();
  /** Milliseconds that a change takes. */
  changeMs = 0;
  /** What became of the answer to the next change. */
  nextAnswer: 'sent' | 'lost' | 'never arrived' = 'sent';
  /** Called when a change has been made and before it is answered. */
  onChanged: () => void = () => undefined;
  /** Changes under way at once, and the most there ever were. */
  running = 0;
  mostRunning = 0;
  #server: FakePlatform | undefined;

  async start(): Promise<void> {
    this.#server = await FakePlatform.start(async (request, response, socket) => {
      if (request.method === 'GET') {
        this.#read(request.path, response);
        return undefined;
      }
      const answer = this.nextAnswer;
      this.nextAnswer = 'sent';
      if (answer === 'never arrived') {
        socket.resetAndDestroy();
        return undefined;
      }
      this.running += 1;
      this.mostRunning = Math.max(this.mostRunning, this.running);
      await sleep(this.changeMs);
      const outcome = this.#change(request);
      this.onChanged();
      this.running -= 1;
      if (answer === 'lost') socket.resetAndDestroy();
      else json(response, outcome.status, outcome.body);
      return undefined;
    });
  }

  get origin(): string {
    return this.#server?.origin ?? '';
  }

  /** `METHOD path` of every request that changes something. */
  get changes(): string[] {
    return (this.#server?.received ?? [])
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path }) => `${method} ${path.slice(BASE.length)}`);
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  #read(path: string, response: ServerResponse): void {
    if (path === BASE) json(response, 200, this.model.listWire());
    else if (path === `${BASE}/env`) json(response, 200, { keys: [...this.model.env.keys()].sort() });
    else if (path.endsWith('/usage')) json(response, 200, { do_requests: 7, do_cpu_ms: 9 });
    else {
      const { status, body } = this.model.getWire(path.slice(BASE.length + 1));
      json(response, status, body);
    }
  }

  #change({ method, path, body }: Received): Outcome {
    const [, first = '', second = ''] = path.slice(BASE.length).split('/');
    if (method === 'POST') {
      const input = JSON.parse(body) as { name: string; code: string; access_mode: AccessMode };
      return this.model.register(input.name, input.code, input.access_mode);
    }
    if (method === 'PUT') return this.model.setEnv(second, (JSON.parse(body) as { value: string }).value);
    return second === '' ? this.model.delete(first) : this.model.deleteEnv(second);
  }
}
