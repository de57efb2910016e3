import { isRecord } from './localHttp.ts';

/** What the embedded platform tells its windows. */
export type LocalEvent =
  | { readonly type: 'state' }
  /** Somebody asked it to end. */
  | { readonly type: 'stopping' }
  | {
      readonly type: 'deploy';
      /** Its name, or the id that an older platform gives. */
      readonly app: string;
      readonly cause: DeployCause | undefined;
      readonly ok: boolean;
      readonly classes: readonly string[];
      readonly message: string | undefined;
      /** Milliseconds from the upload to the answer. */
      readonly ms: number | undefined;
    }
  | { readonly type: 'log'; readonly level: LocalLogLevel; readonly text: string };

/** What somebody changed so that the classes were deployed. */
export interface DeployCause {
  readonly kind: (typeof CAUSES)[number];
  /** The class, or the key of the variable. */
  readonly name: string;
}

const CAUSES = ['classDeployed', 'classDeleted', 'variableSet', 'variableDeleted'] as const;

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
        app: text('appName') ?? text('appId') ?? '',
        cause: causeOf(value['cause']),
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
  const cause = causeText(event.cause, event.classes);
  return event.ok
    ? `Deployed ${what} to ${event.app}${took}${cause}.`
    : `The deploy of ${what} to ${event.app}${cause} failed: ${event.message ?? 'no reason given'}`;
}

/** Every class is part of each deploy: says which one was changed, or what else. */
function causeText(cause: DeployCause | undefined, classes: readonly string[]): string {
  switch (cause?.kind) {
    case undefined:
      return '';
    case 'classDeployed':
      return classes.length > 1 ? `, because ${cause.name} was deployed` : '';
    case 'classDeleted':
      return `, because ${cause.name} was deleted`;
    case 'variableSet':
      return `, because the variable ${cause.name} was set`;
    case 'variableDeleted':
      return `, because the variable ${cause.name} was deleted`;
  }
}

function causeOf(value: unknown): DeployCause | undefined {
  if (!isRecord(value) || typeof value['name'] !== 'string') return undefined;
  const kind = CAUSES.find((each) => each === value['kind']);
  return kind === undefined ? undefined : { kind, name: value['name'] };
}

function levelOf(word: string | undefined): LocalLogLevel {
  return word === 'error' || word === 'warn' || word === 'debug' ? word : 'info';
}
