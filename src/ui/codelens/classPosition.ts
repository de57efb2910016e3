/** An exported class in a source, by UTF-16 offsets. */
export interface ClassPosition {
  readonly className: string;
  /** Where `export` begins. */
  readonly start: number;
  /** Where the name begins and ends. */
  readonly nameStart: number;
  readonly nameEnd: number;
}

/**
 * The first exported class of a source, found without parsing it: what draws lenses must not load TypeScript
 * into the extension host. Undefined when there is none.
 */
export function findExportedClass(text: string): ClassPosition | undefined {
  const masked = maskText(text);
  const pattern =
    /(?<![\w$.])export\s+(?:abstract\s+|declare\s+)*class\s+(?!extends\b|implements\b)([\p{ID_Start}$_][\p{ID_Continue}$]*)/u;
  const match = pattern.exec(masked);
  const className = match?.[1];
  if (match === null || className === undefined) return undefined;
  const nameEnd = match.index + match[0].length;
  return { className, start: match.index, nameStart: nameEnd - className.length, nameEnd };
}

/** Offsets at which `name` stands as an identifier of its own, outside of comments, strings and member accesses. */
export function findIdentifier(text: string, name: string): number[] {
  const masked = maskText(text);
  const escaped = name.replace(/[$]/g, '\\$&');
  const pattern = new RegExp(`(?<![\\p{ID_Continue}$.#]|\\.\\s)${escaped}(?![\\p{ID_Continue}$])`, 'gu');
  return [...masked.matchAll(pattern)].map((match) => match.index);
}

/** Longest keyword that may stand before a regular expression, the character before it, and blanks. */
const LOOK_BEHIND = 40;

/** The text with comments, strings and the text of templates replaced by blanks; same length, same line breaks. */
export function maskText(text: string): string {
  // Depths of braces at which a `${` of a template began; its `}` leads back into the template.
  const templates: number[] = [];
  let depth = 0;
  let out = '';
  // The last code before `index`, without blanks at its end: enough to tell a division from a regular expression.
  let before = '';
  let index = 0;
  const blank = (end: number): void => {
    const isComment = text.startsWith('//', index) || text.startsWith('/*', index);
    if (!isComment) before = ')';
    out += text.slice(index, end).replace(/[^\r\n]/g, ' ');
    index = end;
  };
  while (index < text.length) {
    const char = text.charAt(index);
    const next = text.charAt(index + 1);
    if (char === '/' && next === '/') blank(endOf(text, /[\r\n]|$/g, index));
    else if (char === '/' && next === '*') blank(endOf(text, /\*\/|$/g, index + 2, true));
    else if (char === '/' && startsRegExp(before)) blank(endOfRegExp(text, index));
    else if (char === "'" || char === '"') blank(endOfString(text, index));
    else if (char === '`' || (char === '}' && templates.at(-1) === depth)) {
      if (char === '}') templates.pop();
      const end = endOfTemplateText(text, index + 1);
      const isExpression = text.charAt(end - 1) === '{';
      if (isExpression) templates.push(depth);
      blank(end);
      if (isExpression) before = '{';
    } else {
      if (char === '{') depth += 1;
      if (char === '}') depth -= 1;
      out += char;
      before = `${before}${char}`.slice(-LOOK_BEHIND);
      index += 1;
    }
  }
  return out;
}

function endOf(text: string, pattern: RegExp, from: number, isIncluded = false): number {
  pattern.lastIndex = from;
  const match = pattern.exec(text);
  if (match === null) return text.length;
  return match.index + (isIncluded ? match[0].length : 0);
}

function endOfString(text: string, from: number): number {
  const quote = text.charAt(from);
  for (let index = from + 1; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (char === '\\') index += 1;
    else if (char === quote) return index + 1;
    else if (char === '\n') return index;
  }
  return text.length;
}

/** The end of a template's text: behind its closing backtick or behind the `${` of the next expression. */
function endOfTemplateText(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (char === '\\') index += 1;
    else if (char === '`') return index + 1;
    else if (char === '$' && text.charAt(index + 1) === '{') return index + 2;
  }
  return text.length;
}

function endOfRegExp(text: string, from: number): number {
  let isInClass = false;
  for (let index = from + 1; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (char === '\\') index += 1;
    else if (char === '\n') return from + 1;
    else if (char === '[') isInClass = true;
    else if (char === ']') isInClass = false;
    else if (char === '/' && !isInClass) return index + 1;
  }
  return from + 1;
}

/** Whether a `/` after this text begins a regular expression and is no division. */
function startsRegExp(before: string): boolean {
  const code = before.trimEnd();
  if (code === '' || /[([{,;=:!&|?+\-*%^~<>]$/.test(code)) return true;
  return /(?:^|[^\w$.])(?:return|typeof|case|in|of|delete|void|throw|new|await|yield|else|do)$/.test(code);
}
