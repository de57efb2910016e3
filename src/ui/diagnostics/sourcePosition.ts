/** A place that a platform's error names, zero-based, and the error without it. */
export interface SourcePosition {
  /** The DO name, from which the platform made the file name. */
  readonly name: string;
  readonly line: number;
  readonly character: number;
  readonly message: string;
}

/** The first `chat-room.ts:3:15` (or `chat-room.ts:3`) in an error, with what the runtime said before it. */
export function parsePosition(error: string): SourcePosition | undefined {
  const match = /(?<![\w/-])([a-z][a-z0-9-]*)\.ts:(\d+)(?::(\d+))?/.exec(error);
  const name = match?.[1];
  if (match === null || name === undefined) return undefined;
  const before = error
    .slice(0, match.index)
    .replace(/\s*\(?(?:at\s+)?\(?$/, '')
    .replace(/[\s,;:]+$/, '')
    // What the platform wraps around the runtime's error ends with the number that Cloudflare gives it.
    .replace(/^.*\[\d{4,}\]\s*/s, '')
    .trim();
  return {
    name,
    line: Math.max(0, Number(match[2]) - 1),
    character: Math.max(0, Number(match[3] ?? 1) - 1),
    message: before === '' ? error.trim() : before,
  };
}

/** The first sentence of an error: what fits into a notification. */
export function firstSentence(text: string): string {
  const [first = ''] = text.split(/(?<=[.!?])\s/);
  return first.replace(/[.!?]+$/, '');
}
