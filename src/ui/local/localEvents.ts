import { isRecord } from './localHttp.ts';

/** What the embedded platform tells its windows. */
export type LocalEvent =
  | { readonly type: 'state' }
  /** Somebody asked it to end. */
  | { readonly type: 'stopping' }
  | {
      readonly type: 'deploy';
      readonly appId: string;
      readonly ok: boolean;
      readonly classes: readonly string[];
      readonly message: string | undefined;
      /** Milliseconds from the upload to the answer. */
      readonly ms: number | undefined;
    }
  | { readonly type: 'log'; readonly level: LocalLogLevel; readonly text: string };

export type LocalLogLevel = 'debug' | 'info' | 'warn' | 'error';

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
      return {
        type: 'deploy',
        appId: text('appId') ?? '',
        ok: value['ok'] === true,
        classes: Array.isArray(value['classes'])
          ? value['classes'].filter((name): name is string => typeof name === 'string')
          : [],
        message: text('message'),
        ms: typeof value['ms'] === 'number' ? value['ms'] : undefined,
      };
    case 'log':
      return { type: 'log', level: levelOf(text('level')), text: text('text') ?? '' };
    default:
      return undefined;
  }
}

/** One line of the log channel about a deploy. */
export function deployLine(event: Extract<LocalEvent, { type: 'deploy' }>): string {
  const took = event.ms === undefined ? '' : ` in ${Math.round(event.ms)} ms`;
  const what = event.classes.length === 0 ? 'no class' : event.classes.join(', ');
  return event.ok
    ? `Deployed ${what} to ${event.appId}${took}.`
    : `The deploy of ${what} to ${event.appId} failed: ${event.message ?? 'no reason given'}`;
}

function levelOf(word: string | undefined): LocalLogLevel {
  return word === 'error' || word === 'warn' || word === 'debug' ? word : 'info';
}
