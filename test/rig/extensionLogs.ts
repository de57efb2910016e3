const EXTENSION = 'butterbase-durable-objects';
/** Our files in a stack. */
const OWN_CODE = /dist\/(?:extension|backend)\.js/;

/**
 * Errors of our extension in the log files of its extension host: what it logged as an error itself, and what it
 * threw where nobody caught it. Empty when there is none. What `expected` matches was provoked by a test.
 */
export function unexpectedErrors(
  logs: ReadonlyMap<string, string>,
  expected: readonly RegExp[] = [],
): string {
  const found: string[] = [];
  for (const [file, text] of logs) {
    const own = file.includes(`${EXTENSION}/`);
    for (const entry of entriesOf(text)) {
      if (!/^\S+ \S+ \[(error|critical)\]/.test(entry)) continue;
      if (!own && !entry.includes(EXTENSION) && !OWN_CODE.test(entry)) continue;
      if (expected.some((pattern) => pattern.test(entry))) continue;
      found.push(`${file}: ${withoutForeignFrames(entry)}`);
    }
  }
  return found.join('\n');
}

/** Frames of the editor's own code say nothing about ours. */
function withoutForeignFrames(entry: string): string {
  return entry
    .split('\n')
    .filter((line) => !/^\s+at /.test(line) || OWN_CODE.test(line))
    .join('\n')
    .trim();
}

/** A line that starts with a time begins an entry; a stack belongs to the entry before it. */
function entriesOf(text: string): string[] {
  return text.split(/\n(?=\d{4}-\d\d-\d\d )/);
}
