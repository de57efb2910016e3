import { DurableObject } from 'cloudflare:workers';

/**
 * Counts. Every instance has a number of its own, which survives restarts:
 * `POST /_do/counter/<instance>` adds one, `GET` reads.
 */
export class Counter extends DurableObject {
  async fetch(request: Request): Promise<Response> {
    let value = (await this.ctx.storage.get<number>('value')) ?? 0;
    if (request.method === 'POST') {
      value += 1;
      await this.ctx.storage.put('value', value);
    }
    return Response.json({ value });
  }
}
