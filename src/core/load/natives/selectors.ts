/**
 * Whether `HTMLRewriter.on()` takes a selector; undefined where that is not said here. It knows less than a browser:
 * no `+` and `~`, few pseudo-classes, no names of namespaces. Recorded from workerd 1.20261117.1.
 */
export function isSelector(text: string): boolean | undefined {
  if (/[\\\0]|\/\*/.test(text)) return undefined;
  return new SelectorReader(text).isWhole();
}

const IDENTIFIER = /(?:--|-?[a-z_\u0080-\uffff])[\w\u0080-\uffff-]*/iy;
const SPACE = /[ \t\r\n\f]*/y;
const STRING = /"[^"\n\r\f]*(?:"|$)|'[^'\n\r\f]*(?:'|$)/y;
const OPERATOR = /[~|^$*]?=/y;
const EVERY_NTH = /[+-]?\d*n(?:[ \t\r\n\f]*[+-][ \t\r\n\f]*\d+)?|[+-]?\d+|odd|even/iy;

const PLAIN_CLASSES: ReadonlySet<string> = new Set(['first-child', 'first-of-type']);
const NTH_CLASSES: ReadonlySet<string> = new Set(['nth-child', 'nth-of-type']);

/** Reads a selector from left to right. What the end of the text leaves open counts as closed. */
class SelectorReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isWhole(): boolean {
    return this.#list(() => this.#complex()) && this.#isAtEnd;
  }

  get #isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found === undefined) return undefined;
    this.#at += found.length;
    return found;
  }

  #takes(sign: string): boolean {
    const isThere = this.#text.startsWith(sign, this.#at);
    if (isThere) this.#at += sign.length;
    return isThere;
  }

  #closes(sign: string): boolean {
    this.#take(SPACE);
    return this.#isAtEnd || this.#takes(sign);
  }

  /** Separated by commas. */
  #list(one: () => boolean): boolean {
    do {
      this.#take(SPACE);
      if (!one()) return false;
      this.#take(SPACE);
    } while (this.#takes(','));
    return true;
  }

  #complex(): boolean {
    for (;;) {
      if (!this.#compound()) return false;
      const space = this.#take(SPACE);
      const isChild = this.#takes('>');
      if (isChild) this.#take(SPACE);
      else if (space === '' || this.#isAtEnd || this.#text[this.#at] === ',') return true;
    }
  }

  #compound(): boolean {
    const start = this.#at;
    if (this.#takes('*|') || this.#takes('|')) {
      if (!this.#takes('*') && this.#take(IDENTIFIER) === undefined) return false;
    } else if (!this.#takes('*')) {
      this.#take(IDENTIFIER);
    }
    while (/[#.[:]/.test(this.#text[this.#at] ?? '')) if (!this.#part()) return false;
    return this.#at > start;
  }

  #part(): boolean {
    if (this.#takes('#') || this.#takes('.')) return this.#take(IDENTIFIER) !== undefined;
    return this.#takes('[') ? this.#attribute() : this.#takes(':') && this.#pseudoClass();
  }

  #attribute(): boolean {
    this.#take(SPACE);
    this.#takes('|');
    if (this.#take(IDENTIFIER) === undefined) return false;
    if (this.#closes(']')) return true;
    if (this.#take(OPERATOR) === undefined) return false;
    this.#take(SPACE);
    if (this.#take(STRING) === undefined && this.#take(IDENTIFIER) === undefined) return false;
    this.#take(SPACE);
    const flag = this.#take(IDENTIFIER);
    return (flag === undefined || /^[is]$/i.test(flag)) && this.#closes(']');
  }

  #pseudoClass(): boolean {
    const name = this.#take(IDENTIFIER)?.toLowerCase() ?? '';
    const isCall = this.#takes('(');
    if (!isCall) return PLAIN_CLASSES.has(name);
    if (name === 'not') return this.#list(() => this.#compound()) && this.#closes(')');
    this.#take(SPACE);
    return NTH_CLASSES.has(name) && this.#take(EVERY_NTH) !== undefined && this.#closes(')');
  }
}
