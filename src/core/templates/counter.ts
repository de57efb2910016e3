/** A class that keeps one number. */
export function counterSource(doName: string, className: string): string {
  return `import { DurableObject } from 'cloudflare:workers';

/**
 * Counts. Every instance has a value of its own, which lives as long as nobody deletes the class.
 *
 *   GET    /_do/${doName}/<instance>   the value
 *   POST   /_do/${doName}/<instance>   adds 1
 *   DELETE /_do/${doName}/<instance>   back to 0
 */
export class ${className} extends DurableObject {
  async fetch(request: Request): Promise<Response> {
    switch (request.method) {
      case 'GET':
        return Response.json({ value: await this.read() });
      case 'POST': {
        // No other request runs between the read and the write: an instance works on one at a time.
        const value = (await this.read()) + 1;
        await this.ctx.storage.put('value', value);
        return Response.json({ value });
      }
      case 'DELETE':
        await this.ctx.storage.delete('value');
        return Response.json({ value: 0 });
      default:
        return new Response('Use GET, POST or DELETE.', {
          status: 405,
          headers: { allow: 'GET, POST, DELETE' },
        });
    }
  }

  private async read(): Promise<number> {
    return (await this.ctx.storage.get<number>('value')) ?? 0;
  }
}
`;
}
