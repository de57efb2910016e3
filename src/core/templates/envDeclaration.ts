/** Where a declaration goes into a file with declarations of the environment. */
export interface Insertion {
  /** UTF-16 offset. */
  readonly offset: number;
  readonly text: string;
}

/** What to insert into `text` (empty for a file to be made) so that `this.env.<key>` has the type `type`. */
export function declareEnvKey(text: string, key: string, type: string): Insertion {
  const found = /\binterface\s+Env\b[^{]*\{/.exec(text);
  if (found !== null) {
    const line = text.lastIndexOf('\n', found.index) + 1;
    const indent = /^\s*/.exec(text.slice(line, found.index))?.[0] ?? '';
    return { offset: found.index + found[0].length, text: `\n${indent}  readonly ${key}: ${type};` };
  }
  const gap = text === '' || text.endsWith('\n\n') ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  return {
    offset: text.length,
    text: `${gap}declare namespace Cloudflare {\n  interface Env {\n    readonly ${key}: ${type};\n  }\n}\n`,
  };
}
