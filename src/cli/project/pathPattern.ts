/** A path with `*`, `?`, `[…]` or `{…,…}`, which a shell would have put the names of files in place of. */
export interface PathPattern {
  /** The part before the first of these signs; `.` when there is none. */
  readonly folder: string;
  /** Tells of a path from that folder, with `/` between its parts. */
  readonly matches: (path: string) => boolean;
}

/**
 * What paths with `/` between their parts mean as patterns: one for each choice of the braces, none for a path that
 * has no sign of a pattern. `**` stands for any number of folders.
 */
export function pathPatterns(text: string): PathPattern[] {
  if (!/[*?]|\[[^\]]+\]|\{.*,.*\}/s.test(text)) return [];
  return choicesOf(text).map((choice) => {
    const parts = choice.split('/');
    const first = parts.findIndex((part) => /[*?[]/.test(part));
    const fixed = parts.slice(0, first < 0 ? -1 : first);
    const matcher = matcherOf(parts.slice(fixed.length).join('/'));
    const folder = fixed.join('/');
    return {
      folder: folder !== '' ? folder : fixed.length > 0 ? '/' : '.',
      matches: (path) => matcher?.test(path) === true,
    };
  });
}

function choicesOf(text: string): string[] {
  const braces = /\{([^{}]*,[^{}]*)\}/.exec(text);
  if (braces === null) return [text];
  const [before, after] = [text.slice(0, braces.index), text.slice(braces.index + braces[0].length)];
  return (braces[1] ?? '').split(',').flatMap((choice) => choicesOf(`${before}${choice}${after}`));
}

/** Everything that is not to be taken as it is, in a pattern or in a regular expression. */
const SIGNS = /(?<=^|\/)\*\*\/|\*+|\?|\[[!^]?[^\]/]+\]|[\\^$.|()+[\]{}]/g;

/** Undefined for signs that cannot go together, such as `[z-a]`. */
function matcherOf(pattern: string): RegExp | undefined {
  const source = pattern.replace(SIGNS, (sign) => {
    if (sign === '**/') return '(?:[^/]+/)*';
    if (sign === '*' || sign === '?') return sign === '*' ? '[^/]*' : '[^/]';
    if (sign.startsWith('*')) return '.*';
    if (sign.length > 1) return `[${sign.slice(1, -1).replace(/^!/, '^').replace(/[\\[]/g, '\\$&')}]`;
    return `\\${sign}`;
  });
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    return undefined;
  }
}
