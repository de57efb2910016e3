/** Methods as people write them in a Durable Object, `n` to tell them apart. */
const METHODS: readonly ((n: number) => string)[] = [
  (n) => `
  /** Counts one visit of a guest and answers with the sum. */
  private async count${n}(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const guest = url.searchParams.get('guest') ?? 'nobody';
    const visits = ((await this.ctx.storage.get<number>(\`visits:${n}:\${guest}\`)) ?? 0) + 1;
    await this.ctx.storage.put(\`visits:${n}:\${guest}\`, visits);
    // The sum is kept apart, so that it can be read without a list.
    const sum = ((await this.ctx.storage.get<number>('sum${n}')) ?? 0) + 1;
    await this.ctx.storage.put({ sum${n}: sum, last: Date.now() });
    if (sum > LIMIT) return new Response('Too many visits', { status: 429 });
    return Response.json({ guest, visits, sum, region: this.env.BUTTERBASE_REGION });
  }
`,
  (n) => `
  /** Tells everybody in the room, the sender left out. */
  private broadcast${n}(sender: WebSocket, message: Message): void {
    const text = JSON.stringify({ ...message, at: message.at || Date.now(), room: ${n} });
    for (const socket of this.ctx.getWebSockets()) {
      if (socket === sender || socket.readyState !== WebSocket.OPEN) continue;
      try {
        socket.send(text);
      } catch (error) {
        console.warn('a socket is gone', error instanceof Error ? error.message : String(error));
        socket.close(1011, 'Cannot send.');
      }
    }
  }
`,
  (n) => `
  private async sweep${n}(before: number): Promise<number> {
    let removed = 0;
    const entries = await this.ctx.storage.list<Message>({ prefix: 'message:${n}:', limit: 100 });
    const keys = [...entries].filter(([, { at }]) => at < before).map(([key]) => key);
    if (keys.length > 0) removed = await this.ctx.storage.delete(keys);
    switch (removed % 3) {
      case 0:
        await this.ctx.storage.setAlarm(Date.now() + 60_000);
        break;
      case 1: {
        const { user, invokeDO } = butterbase.ctx(new Request('https://do/'), this.env, this.ctx);
        if (user !== null) await invokeDO('counter', user.id, { removed, by: 'sweep${n}' });
        break;
      }
      default:
        this.log.push({ from: 'sweep${n}', text: \`\${removed} removed\`, at: before });
    }
    return removed;
  }
`,
];

/** A source without findings that has at least `lines` lines and at most some thirty more. */
export function sourceOf(className: string, lines: number): string {
  const parts = [
    `import { DurableObject } from 'cloudflare:workers';

interface Message${className} {
  readonly from: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const LIMIT_${className} = 100_000;

export class ${className} extends DurableObject {
  private readonly log: Message[] = [];

  async fetch(request: Request): Promise<Response> {
    const token = request.headers.get('authorization');
    if (token === null) return new Response('Unauthorized', { status: 401 });
    return this.count0(request);
  }
`,
  ];
  for (let n = 0, count = 20; count < lines; n += 1) {
    const method = METHODS[n % METHODS.length]?.(n) ?? '';
    parts.push(method);
    count += method.split('\n').length - 1;
  }
  return [...parts, '}\n']
    .join('')
    .replace(/\bMessage\b/g, `Message${className}`)
    .replace(/\bLIMIT\b/g, `LIMIT_${className}`);
}
