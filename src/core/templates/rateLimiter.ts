/** A class that counts calls in a window of time and forgets them by an alarm. */
export function rateLimiterSource(doName: string, className: string): string {
  return `import { DurableObject } from 'cloudflare:workers';

/**
 * Allows a number of calls per minute. Make one instance per user, key or address.
 *
 *   POST /_do/${doName}/<who>   takes one call: 200, or 429 when none is left
 *   GET  /_do/${doName}/<who>   only looks
 *
 * Another class of the app asks it with
 *   await butterbase.ctx(request, this.env, this.ctx).invokeDO('${doName}', who)
 */
export class ${className} extends DurableObject {
  private static readonly limit = 10;
  private static readonly windowMs = 60_000;

  async fetch(request: Request): Promise<Response> {
    let used = (await this.ctx.storage.get<number>('used')) ?? 0;
    let resetsAt = await this.ctx.storage.getAlarm();
    if (request.method === 'POST') {
      if (used >= ${className}.limit) return this.answer(used, resetsAt, 429);
      used += 1;
      await this.ctx.storage.put('used', used);
      if (resetsAt === null) {
        resetsAt = Date.now() + ${className}.windowMs;
        await this.ctx.storage.setAlarm(resetsAt);
      }
    }
    return this.answer(used, resetsAt, 200);
  }

  /** The window is over. It runs even when nobody calls, and again when it fails. */
  async alarm(): Promise<void> {
    await this.ctx.storage.delete('used');
  }

  private answer(used: number, resetsAt: number | null, status: number): Response {
    const seconds = Math.ceil(Math.max(0, (resetsAt ?? 0) - Date.now()) / 1000);
    return Response.json(
      { allowed: status === 200, remaining: ${className}.limit - used, resetsInSeconds: seconds },
      { status, headers: status === 429 ? { 'retry-after': String(seconds) } : {} },
    );
  }
}
`;
}
