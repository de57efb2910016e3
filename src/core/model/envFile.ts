import { envKeyProblem, MAX_ENV_VALUE_LENGTH, MAX_PATH_NAME_LENGTH, OVERWRITTEN_ENV_KEYS } from './names.ts';

/** One variable of a `.env` file that the platform accepts. `line` is one-based: where its key stands. */
export interface EnvEntry {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** Something in a `.env` file that will not be set, and why. `line` is one-based. */
export interface EnvProblem {
  readonly line: number;
  readonly key?: string;
  readonly message: string;
}

/** A blank line, a comment, or nothing. */
const NOTHING = /^[^\S\n]*(?:#.*)?$/;

/** `KEY=`, `export KEY =`, `KEY: ` (a colon needs a blank behind it). */
const HEAD = /^[^\S\n]*(?:export[^\S\n]+)?([\w.-]+)(?:[^\S\n]*=|:(?:[^\S\n]+|$))/;

/**
 * Reads the text of a `.env` file as the dotenv package does: `export` prefix, comments, single, double and
 * back quotes over several lines, `\n` and `\r` escapes in double quotes only, `#` ends an unquoted value.
 *
 * `entries` holds only what the platform accepts, in the order of the file, each key once: the last one wins.
 * All else is a problem: a line that sets nothing, an open quote, a bad, reserved or too long key, a value
 * that is too long, a key that is set again later. Collisions with class bindings are not looked at: use
 * {@link envKeyMessage} or {@link validateEnvEntry} with the app's bindings.
 */
export function parseEnvFile(text: string): { entries: EnvEntry[]; problems: EnvProblem[] } {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replaceAll(/\r\n?/g, '\n')
    .split('\n');
  const entries = new Map<string, EnvEntry>();
  const problems: EnvProblem[] = [];
  for (let index = 0; index < lines.length;) {
    const line = index + 1;
    const text = lines[index] ?? '';
    index += 1;
    if (NOTHING.test(text)) continue;
    const head = HEAD.exec(text);
    const key = head?.[1];
    if (head === null || key === undefined) {
      problems.push({ line, message: 'This line sets nothing. Write it as KEY=value.' });
      continue;
    }
    const read = readValue(text.slice(head[0].length), lines, index);
    if (!('value' in read)) {
      problems.push({ line, key, message: read.message });
      continue;
    }
    index += read.lines - 1;
    const message = envKeyMessage(key, []) ?? envValueMessage(read.value);
    if (message !== undefined) {
      problems.push({ line, key, message });
      continue;
    }
    const earlier = entries.get(key);
    if (earlier !== undefined) {
      entries.delete(key);
      problems.push({
        line: earlier.line,
        key,
        message: `${key} is set again in line ${line}; the later value is used.`,
      });
    }
    entries.set(key, { key, value: read.value, line });
  }
  return { entries: [...entries.values()], problems: problems.sort((a, b) => a.line - b.line) };
}

/**
 * Why the platform refuses this env key for a Durable Object app, as a sentence for a person; undefined when
 * it accepts it.
 * @param bindings names of the app's class bindings (`CHAT_ROOM`); a key equal to one is refused, yet stays
 *   stored and breaks the next deploy (hazard f), so it must not be sent.
 */
export function envKeyMessage(key: string, bindings: readonly string[]): string | undefined {
  switch (envKeyProblem(key)) {
    case 'empty':
      return 'Enter a key.';
    case 'reserved':
      return 'Keys that begin with BUTTERBASE_ are reserved for the platform.';
    case 'shape':
      return 'Use capital letters A-Z, digits and underscores only; the first character is no digit.';
    case 'tooLong':
      return `A key has at most ${MAX_PATH_NAME_LENGTH} characters; this one has ${key.length}.`;
    case undefined:
      return bindings.includes(key)
        ? `${key} is the binding of a Durable Object class of this app. Choose another key.`
        : undefined;
  }
}

/** Why the platform refuses this env value, or undefined. Its limit counts UTF-16 units, not bytes. */
export function envValueMessage(value: string): string | undefined {
  if (value.length <= MAX_ENV_VALUE_LENGTH) return undefined;
  const limit = MAX_ENV_VALUE_LENGTH.toLocaleString('en-US');
  return `A value has at most ${limit} characters (UTF-16 units); this one has ${value.length.toLocaleString('en-US')}.`;
}

/** What a person should know of a key that the platform accepts, or undefined: the platform sets these itself. */
export function envKeyWarning(key: string): string | undefined {
  if (!OVERWRITTEN_ENV_KEYS.includes(key)) return undefined;
  return `The platform sets ${key} itself, so your classes will never see this value.`;
}

export interface EnvEntryCheck {
  /** Why it cannot be set; empty when it can. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** A value is stored under this key and would be replaced for good: values cannot be read back. */
  readonly replaces: boolean;
}

/** All checks of one key and value against an app, for prompts and the import preview. */
export function validateEnvEntry(
  key: string,
  value: string,
  bindings: readonly string[],
  existingKeys: readonly string[],
): EnvEntryCheck {
  return {
    errors: [envKeyMessage(key, bindings), envValueMessage(value)].filter((text) => text !== undefined),
    warnings: [envKeyWarning(key)].filter((text) => text !== undefined),
    replaces: existingKeys.includes(key),
  };
}

type ReadValue = { readonly value: string; readonly lines: number } | { readonly message: string };

/**
 * Reads the value that begins with `first` (what stands behind `KEY=`) and may go on in `lines` from `next`;
 * `lines` of the result says how many lines it takes.
 */
function readValue(first: string, lines: readonly string[], next: number): ReadValue {
  const start = first.trimStart();
  const quote = start.charAt(0);
  if (quote !== '"' && quote !== "'" && quote !== '`') {
    const comment = start.indexOf('#');
    return { value: (comment < 0 ? start : start.slice(0, comment)).trim(), lines: 1 };
  }
  const end = closingQuote(start.slice(1), lines, next, quote);
  if (end === undefined) {
    return start.includes(quote, 1)
      ? { message: 'There is text behind the closing quote. Put the whole value in one pair of quotes.' }
      : { message: 'The quote that opens the value is not closed.' };
  }
  const text = [start.slice(1), ...lines.slice(next, next + end.line)];
  const inner = [...text.slice(0, -1), (text.at(-1) ?? '').slice(0, end.at)].join('\n');
  const value = quote === '"' ? inner.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : inner;
  return { value, lines: end.line + 1 };
}

/** A place in a value: `line` 0 is the line of its key. */
interface Place {
  readonly line: number;
  readonly at: number;
}

/**
 * Where an opened quote closes: at the first one without a backslash, provided that only a comment follows
 * on its line; else at the last one with a backslash of which that is true (`'C:\dir\'`).
 */
function closingQuote(
  first: string,
  lines: readonly string[],
  next: number,
  quote: string,
): Place | undefined {
  let escaped: Place | undefined;
  for (let line = 0; line <= lines.length - next; line += 1) {
    const text = line === 0 ? first : (lines[next + line - 1] ?? '');
    for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1)) {
      const closes = NOTHING.test(text.slice(at + 1));
      if (text.charAt(at - 1) !== '\\') return closes ? { line, at } : escaped;
      if (closes) escaped = { line, at };
    }
  }
  return escaped;
}
