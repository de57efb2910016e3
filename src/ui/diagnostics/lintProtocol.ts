import type { DoClass } from '../../core/model/app.ts';
import type { Finding } from '../../core/rules/finding.ts';
import type { RuleSettings } from '../../core/rules/severities.ts';
import type { LintInput } from '../../core/rules/subject.ts';

/** What changed since the last request. Files that are in neither list stay as the worker knows them. */
export interface LintRequest {
  /** Grows by one with each request. */
  readonly id: number;
  readonly kind: 'lint';
  readonly files: readonly LintInput[];
  /** Uris of files that are gone. */
  readonly removed: readonly string[];
  /** `app` of the files that the facts below are about. */
  readonly app: string;
  readonly deployed: readonly DoClass[];
  /** Undefined while nobody is signed in. */
  readonly envKeys: readonly string[] | undefined;
  /** Undefined while it is not known. */
  readonly appEnvKeys: readonly string[] | undefined;
  /** By DO name; left out while they are as the worker knows them, because sources are large. */
  readonly deployedSources?: ReadonlyMap<string, string>;
  /** Not all files were found yet. */
  readonly isPartial: boolean;
}

/** The findings of every file that the worker knows, those without any included. */
export interface LintResponse {
  readonly id: number;
  readonly findings: readonly (readonly [uri: string, findings: readonly Finding[]])[];
  /** Milliseconds that the worker spent on it. */
  readonly ms: number;
  /** How many files it had to parse. */
  readonly parses: number;
}

/** Asks for the text of a file after all fixes that need nobody. */
export interface FixAllRequest {
  readonly id: number;
  readonly kind: 'fixAll';
  readonly uri: string;
  readonly severities: RuleSettings;
}

/** Asks which env keys no class of the app reads, as of the last `lint`. */
export interface UnusedEnvKeysRequest {
  readonly id: number;
  readonly kind: 'unusedEnvKeys';
}

export interface UnusedEnvKeysResponse {
  readonly id: number;
  /** Undefined when that cannot be known. */
  readonly unused: readonly string[] | undefined;
}

export interface FixAllResponse {
  readonly id: number;
  /** Undefined when the worker does not know the file. */
  readonly text: string | undefined;
}
