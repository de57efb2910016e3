import { isRecord } from './localHttp.ts';

/** What the embedded platform tells its windows. Fields that it does not send are undefined. */
export type LocalEvent =
  | { readonly type: 'state' }
  | { readonly type: 'stopping' }
  | { readonly type: 'deploy'; readonly appId: string | undefined; readonly text: string }
  | { readonly type: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string };

/** An event of the stream, or undefined for one that this version does not know. */
export function parseLocalEvent(value: unknown): LocalEvent | undefined {
  if (!isRecord(value)) return undefined;
  const text = (key: string): string | undefined => (typeof value[key] === 'string' ? value[key] : undefined);
  switch (value['type']) {
    case 'state':
      return { type: 'state' };
    case 'stopping':
      return { type: 'stopping' };
    case 'deploy':
      return { type: 'deploy', appId: text('appId'), text: facts(value) };
    case 'log':
      return {
        type: 'log',
        level: levelOf(text('level') ?? text('stream')),
        text: text('text') ?? text('message') ?? text('line') ?? facts(value),
      };
    default:
      return undefined;
  }
}

function levelOf(word: string | undefined): 'info' | 'warn' | 'error' {
  if (word === 'error') return 'error';
  return word === 'warn' || word === 'warning' ? 'warn' : 'info';
}

function facts(value: Record<string, unknown>): string {
  return Object.entries(value)
    .filter(([key, fact]) => key !== 'type' && ['string', 'number', 'boolean'].includes(typeof fact))
    .map(([key, fact]) => `${key}=${String(fact)}`)
    .join(' ');
}
