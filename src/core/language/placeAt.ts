/** Something of the platform that a source names; offsets in UTF-16 units. */
export type Place = {
  /** Where the text begins that may be replaced: a name without its quotes, a key, a method. */
  readonly start: number;
  readonly end: number;
  /** Where the word stands by which the place was told: in a comment or a string it means nothing. */
  readonly anchor: number;
} & (
  | { readonly kind: 'invokeTarget'; readonly name: string }
  | { readonly kind: 'envKey'; readonly key: string }
  | { readonly kind: 'storageMethod'; readonly method: string }
  | { readonly kind: 'acceptWebSocket' }
);

/** How far a call or a member may reach over the place in it. */
const REACH = 400;

/**
 * What stands at an offset, told by the words around it: cheap enough for every request of the editor, and it
 * works in a source that is being written. The text before `offset` may end anywhere.
 */
export function placeAt(text: string, offset: number): Place | undefined {
  const from = Math.max(0, offset - REACH);
  const before = text.slice(from, offset);
  const after = text.slice(offset, offset + REACH);
  return (
    invokeTarget(before, after, offset) ??
    envElement(before, after, offset) ??
    envPattern(before, after, offset) ??
    member(before, after, offset)
  );
}

/** `ctx.invokeDO('chat-room'`, also across lines. */
function invokeTarget(before: string, after: string, offset: number): Place | undefined {
  const match = /(?<![\w$])invokeDO\s*(?:<[^()'"`]*>)?\s*\(\s*['"`]([^'"`\n\\$]*)$/.exec(before);
  if (match === null) return undefined;
  const [left, right] = [match[1] ?? '', /^[^'"`\n\\$,()]*/.exec(after)?.[0] ?? ''];
  return {
    kind: 'invokeTarget',
    name: left + closed(right, after),
    start: offset - left.length,
    end: offset + closed(right, after).length,
    anchor: offset - before.length + match.index,
  };
}

/** While the quote is not closed, the rest of the line is no part of the name. */
function closed(right: string, after: string): string {
  return /['"`]/.test(after.charAt(right.length)) ? right : (/^[\w-]*/.exec(right)?.[0] ?? '');
}

/** `env['KEY']`. */
function envElement(before: string, after: string, offset: number): Place | undefined {
  const match = /(?<![\w$])env\s*(?:\?\.\s*|!\s*)?\[\s*['"`]([\w$]*)$/.exec(before);
  if (match === null || isOtherEnv(before.slice(0, match.index))) return undefined;
  return key(match[1] ?? '', after, offset, offset - before.length + match.index);
}

/** `const { KEY, OTHER: local } = this.env`. */
function envPattern(before: string, after: string, offset: number): Place | undefined {
  const match = /(?<![\w$])(?:const|let|var)\s*\{([^{}]*)$/.exec(before);
  const left = /(?:^|,)\s*([\w$]*)$/.exec(match?.[1] ?? ' :')?.[1];
  const rest =
    /^[^{}]*\}\s*(?::[^=;]*)?=\s*((?:[\w$]+(?:\([^()]*\))?\s*[?!]?\s*\.\s*)*)env(?![\w$]|\s*[?!]?[.([])/.exec(
      after,
    );
  if (match === null || left === undefined || rest === null || isOtherEnv(rest[1] ?? '')) return undefined;
  return key(left, after, offset, offset - before.length + match.index);
}

/** `env.KEY`, `storage.get` and `acceptWebSocket`. */
function member(before: string, after: string, offset: number): Place | undefined {
  const left = /[\w$]*$/.exec(before)?.[0] ?? '';
  const right = /^[\w$]*/.exec(after)?.[0] ?? '';
  const head = before.slice(0, before.length - left.length);
  const start = offset - left.length;
  const end = offset + right.length;
  const dot = /[?!]?\s*\.\s*$/.exec(head);
  if (dot === null) return undefined;
  const owner = /(?<![\w$])(?:env|storage)$/.exec(head.slice(0, dot.index).trimEnd());
  if (owner?.[0] === 'env' && !isOtherEnv(head.slice(0, owner.index))) {
    return key(left, after, offset, offset - before.length + owner.index);
  }
  if (owner?.[0] === 'storage') {
    const anchor = offset - before.length + owner.index;
    return { kind: 'storageMethod', method: left + right, start, end, anchor };
  }
  return left + right === 'acceptWebSocket'
    ? { kind: 'acceptWebSocket', start, end, anchor: start }
    : undefined;
}

function key(left: string, after: string, offset: number, anchor: number): Place {
  const right = /^[\w$]*/.exec(after)?.[0] ?? '';
  return {
    kind: 'envKey',
    key: left + right,
    start: offset - left.length,
    end: offset + right.length,
    anchor,
  };
}

/** `process.env` and `import.meta.env` are Node's and a bundler's. */
function isOtherEnv(before: string): boolean {
  return /(?<![\w$])(?:process|meta)\s*\??\.\s*$/.test(before);
}
