import { certainFindings, isBroken, sameness } from './certainFindings.ts';
import type { Finding } from './finding.ts';
import { movedFindings, type Edited } from './movedFindings.ts';

/** A file's findings, and the version of the text that they were found in. */
export interface Shown {
  readonly version: number;
  /** What is shown: their places follow the edits until the next answer comes. */
  readonly findings: readonly Finding[];
}

interface Kept extends Shown {
  /**
   * Of the findings when the text parsed last, those that are shown still: what a broken text made uncertain comes
   * back when it parses, not in between. Their places follow the edits, too. Undefined when it never parsed.
   */
  readonly parsed: readonly Finding[] | undefined;
  /** Those of them in whose text nobody wrote since. */
  readonly untouched: readonly Finding[];
}

/**
 * What is shown of files while somebody types: between two answers the findings move with the text, and while a
 * text does not parse those stay that are certain.
 */
export class ShownFindings {
  readonly #files = new Map<string, Kept>();

  of(uri: string): Shown | undefined {
    return this.#files.get(uri);
  }

  /** Takes what was found in the text as it stands, and returns what to show of it. */
  answered(uri: string, version: number, findings: readonly Finding[]): readonly Finding[] {
    const kept = next(this.#files.get(uri), version, findings);
    this.#files.set(uri, kept);
    return kept.findings;
  }

  /** Lets what is shown follow an edit, in the edited file and where others refer to it; returns what changed. */
  edited(edited: Edited): (readonly [uri: string, findings: readonly Finding[]])[] {
    const changed: (readonly [string, readonly Finding[]])[] = [];
    for (const [uri, kept] of this.#files) {
      const findings = movedFindings(uri, kept.findings, edited);
      const parsed = kept.parsed && movedFindings(uri, kept.parsed, edited);
      const untouched = movedFindings(uri, kept.untouched, edited, 'goes');
      if (findings === kept.findings && parsed === kept.parsed) continue;
      this.#files.set(uri, { ...kept, findings, parsed, untouched });
      if (kept.findings.length > 0) changed.push([uri, findings]);
    }
    return changed;
  }

  /** All that is shown, by file. */
  *all(): Iterable<readonly [uri: string, findings: readonly Finding[]]> {
    for (const [uri, { findings }] of this.#files) yield [uri, findings];
  }

  /** Whether something was known of the file. */
  forget(uri: string): boolean {
    return this.#files.delete(uri);
  }
}

function next(before: Kept | undefined, version: number, findings: readonly Finding[]): Kept {
  if (!isBroken(findings)) return { version, findings, parsed: findings, untouched: findings };
  const shown = certainFindings(before?.parsed, findings, before?.untouched);
  const keys = new Set(shown.map(sameness));
  const isShown = (finding: Finding): boolean => keys.has(sameness(finding));
  return {
    version,
    findings: shown,
    parsed: before?.parsed?.filter(isShown),
    untouched: before?.untouched.filter(isShown) ?? [],
  };
}
