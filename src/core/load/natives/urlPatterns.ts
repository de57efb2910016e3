/** Whether a part of a URL pattern is malformed, by the grammar of the URL Pattern Standard. False when that is not known. */
export function isMalformed(part: string): boolean {
  const tokens = tokensOf(part);
  return tokens === undefined || !new PatternReader(tokens).isWhole();
}

/** Whether a whole pattern says no protocol, so that it has to be given a base. False when that is not known. */
export function isRelative(pattern: string): boolean {
  return !/:(?![\p{ID_Start}$_])|\\:|[({].*:/su.test(pattern);
}

interface Token {
  readonly kind: 'open' | 'close' | 'expression' | 'name' | 'character' | 'modifier' | 'asterisk' | 'end';
  readonly text: string;
}

const SIGNS: Readonly<Record<string, Token['kind']>> = {
  '*': 'asterisk',
  '+': 'modifier',
  '?': 'modifier',
  '{': 'open',
  '}': 'close',
};

const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;

/** Undefined when the text has something that is no token. */
function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = text[at] ?? '';
    let token: Token | undefined = { kind: SIGNS[sign] ?? 'character', text: sign };
    if (sign === '\\') {
      token = at + 1 < text.length ? { kind: 'character', text: text.slice(at, at + 2) } : undefined;
    } else if (sign === ':') {
      NAME.lastIndex = at + 1;
      const [name] = NAME.exec(text) ?? [];
      token = name === undefined ? undefined : { kind: 'name', text: `:${name}` };
    } else if (sign === '(') {
      token = expressionAt(text, at);
    }
    if (!token) return undefined;
    tokens.push(token);
    at += token.text.length;
  }
  return [...tokens, { kind: 'end', text: '' }];
}

/** A regular expression in parentheses, in which there are no groups that keep what they find. */
function expressionAt(text: string, start: number): Token | undefined {
  let depth = 1;
  for (let at = start + 1; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (sign > '\x7f' || (sign === '?' && at === start + 1)) return undefined;
    if (sign === '\\') {
      at += 1;
      if ((text[at] ?? '\x80') > '\x7f') return undefined;
    } else if (sign === ')') {
      depth -= 1;
      if (depth > 0) continue;
      const found = text.slice(start, at + 1);
      return isExpression(found) ? { kind: 'expression', text: found } : undefined;
    } else if (sign === '(') {
      depth += 1;
      if (text[at + 1] !== '?') return undefined;
    }
  }
  return undefined;
}

/** True as well where engines of different years disagree. */
function isExpression(text: string): boolean {
  if (/\(\?(?![:=!<])/.test(text) || text.length > 1_000) return true;
  try {
    return new RegExp(`^${text}$`, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

class PatternReader {
  readonly #tokens: readonly Token[];
  readonly #names = new Set<string>();
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  isWhole(): boolean {
    while (!this.#takes('end')) {
      if (this.#takes('character')) continue;
      if (this.#takes('open')) {
        if (!this.#group()) return false;
      } else if (!this.#placeholder()) {
        return false;
      }
    }
    return true;
  }

  #takes(kind: Token['kind']): Token | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind) return undefined;
    this.#at += 1;
    return token;
  }

  #group(): boolean {
    this.#texts();
    if (this.#isAtPlaceholder && !this.#value()) return false;
    this.#texts();
    if (!this.#takes('close')) return false;
    this.#modifier();
    return true;
  }

  #texts(): void {
    while (this.#takes('character'));
  }

  #placeholder(): boolean {
    if (!this.#isAtPlaceholder || !this.#value()) return false;
    this.#modifier();
    return true;
  }

  get #isAtPlaceholder(): boolean {
    return ['name', 'expression', 'asterisk'].includes(this.#tokens[this.#at]?.kind ?? '');
  }

  /** A name with or without what it stands for, or that alone. False when the name was there before. */
  #value(): boolean {
    const name = this.#takes('name')?.text;
    if (!this.#takes('expression') && name === undefined) this.#takes('asterisk');
    if (name === undefined) return true;
    const isNew = !this.#names.has(name);
    this.#names.add(name);
    return isNew;
  }

  #modifier(): void {
    if (!this.#takes('modifier')) this.#takes('asterisk');
  }
}
