/** A place in a text: both zero-based, `character` in UTF-16 units. */
export interface LinePosition {
  readonly line: number;
  readonly character: number;
}

/** Line ends of an editor: CR, LF, CRLF. */
const EDITOR_LINE_END = /\r\n|[\n\r]/g;

/** Line ends of ECMAScript, as V8 counts lines. */
const SCRIPT_LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

/** Turns UTF-16 offsets of one text into lines and characters, and back. */
export class LineIndex {
  readonly #starts: readonly number[];
  readonly #length: number;

  constructor(text: string, lineEnds: 'editor' | 'script' = 'editor') {
    const starts = [0];
    for (const match of text.matchAll(lineEnds === 'editor' ? EDITOR_LINE_END : SCRIPT_LINE_END)) {
      starts.push(match.index + match[0].length);
    }
    this.#starts = starts;
    this.#length = text.length;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** Offsets outside the text are taken to its nearer end. */
  positionAt(offset: number): LinePosition {
    const wanted = Math.min(Math.max(offset, 0), this.#length);
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) <= wanted) low = middle;
      else high = middle;
    }
    return { line: low, character: wanted - (this.#starts[low] ?? 0) };
  }

  /** A line beyond the end gives the text's end. */
  offsetAt(position: LinePosition): number {
    const start = this.#starts[position.line];
    if (start === undefined) return this.#length;
    const next = this.#starts[position.line + 1] ?? this.#length;
    return Math.min(start + Math.max(position.character, 0), next);
  }
}
