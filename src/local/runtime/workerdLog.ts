/** What workerd prints with `structuredLogging`, one JSON object per line, and what V8 prints when it dies. */

export type LogLevel = 'debug' | 'info' | 'log' | 'warn' | 'error';

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly level: LogLevel;
  readonly text: string;
  /** `console`: written by a class. `exception`: thrown by a class and caught by nobody. `runtime`: workerd itself. */
  readonly stream: 'console' | 'exception' | 'runtime';
}

export type WorkerdMessage =
  | { readonly kind: 'line'; readonly line: LogLine }
  /** The module declares no such Durable Object class. */
  | { readonly kind: 'missingClass'; readonly className: string };

/** One line of workerd's stdout or stderr; undefined for an empty one. */
export function readWorkerdLine(text: string, now: number): WorkerdMessage | undefined {
  if (text.trim() === '') return undefined;
  const record = parseRecord(text);
  if (record === undefined) {
    return { kind: 'line', line: { at: now, level: 'error', text, stream: 'runtime' } };
  }
  const missing = MISSING_CLASS.exec(record.message);
  if (missing?.[1] !== undefined) return { kind: 'missingClass', className: missing[1] };
  const exception = UNCAUGHT.exec(record.message);
  if (record.internal && exception?.[1] !== undefined) {
    const line = {
      at: record.at || now,
      level: 'error',
      text: `Uncaught ${exception[1]}`,
      stream: 'exception',
    } as const;
    return { kind: 'line', line };
  }
  // At module level, workerd's clock stands at 0.
  const stream = record.internal ? 'runtime' : 'console';
  return { kind: 'line', line: { at: record.at || now, level: record.level, text: record.message, stream } };
}

/** Whether an error says what is wrong with the module, and not with the machine. */
export function namesModule(message: string): boolean {
  return message.startsWith('service user: ');
}

/** The text of a load error as the platform's users know it: without the name of our service in front. */
export function loadErrorText(message: string): string {
  return message.replace(/^service user: /, '');
}

const MISSING_CLASS =
  /^A DurableObjectNamespace in the config referenced the class "(.+)", but no such Durable Object class/;

/** `Uncaught exception: workerd/jsg/value.h:1456: failed: remote.jsg.RangeError: text` -> `RangeError: text`. */
const UNCAUGHT =
  /^Uncaught exception: \S+: (?:failed|overloaded|disconnected|unimplemented): (?:remote\.|broken\.\w+; )*(?:jsg\.)?([^]*)$/;

interface WorkerdRecord {
  readonly at: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly internal: boolean;
}

function parseRecord(text: string): WorkerdRecord | undefined {
  if (!text.startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (
    typeof value !== 'object' ||
    value === null ||
    !('message' in value) ||
    typeof value.message !== 'string'
  ) {
    return undefined;
  }
  const at = 'timestamp' in value ? Number(value.timestamp) : 0;
  const level = 'level' in value ? toLevel(value.level) : 'log';
  // Only workerd's own lines name their source file; console output does not.
  return { at: Number.isFinite(at) ? at : 0, level, message: value.message, internal: 'source' in value };
}

function toLevel(level: unknown): LogLevel {
  switch (level) {
    case 'debug':
    case 'info':
    case 'log':
    case 'warn':
    case 'error':
      return level;
    case 'warning':
      return 'warn';
    case 'fatal':
      return 'error';
    default:
      return 'log';
  }
}
