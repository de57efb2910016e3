import type { Severity } from './finding.ts';

/**
 * What stands behind a rule. `B`: the platform's bundler refuses the source. `W`: the runtime does not load the
 * module. `R`: it deploys, and fails or surprises when it runs. `D`: it would destroy stored data. `A`: advice.
 */
export type Truth = 'B' | 'W' | 'R' | 'D' | 'A';

/** What a rule is, for settings, documentation and reports. */
export interface RuleInfo {
  /** Shown as the diagnostic's code and named in settings and comments. Never changes. */
  readonly id: string;
  readonly truth: Truth;
  /** What most of its findings have when nobody sets another one; single findings may be milder. */
  readonly severity: Severity;
  /** One line without a full stop. */
  readonly title: string;
  /** Path of its page from the root of the package, with `/`. */
  readonly docs: string;
  /** Looks at what is deployed or set on the app, so that it finds nothing while that is not known. */
  readonly needsApp: boolean;
}

/** Every rule, those of one file first, in the order of the documentation. */
export const CATALOGUE: readonly RuleInfo[] = [
  rule('no-exported-class', 'B', 'error', 'The file has no `export class`'),
  rule('multiple-exported-classes', 'B', 'error', 'The file exports more than one class'),
  rule('default-export-class', 'B', 'error', 'The class is the default export'),
  rule('disallowed-import', 'B', 'error', 'An import from anywhere but `cloudflare:*`'),
  rule('import-type-becomes-value', 'W', 'error', 'A type imported from `cloudflare:*`'),
  rule('import-alias-lost', 'W', 'error', 'A renaming import from `cloudflare:*`'),
  rule('mixed-import-forms', 'W', 'error', 'Imports of one module that do not go together'),
  rule('unchecked-module-reference', 'W', 'error', 'A module named where the bundler does not look'),
  rule('second-default-export', 'W', 'error', 'A default export beside the class'),
  rule('reserved-top-level-name', 'W', 'error', 'A name that the generated module declares itself'),
  rule('extra-export', 'W', 'error', 'An exported value that is no class'),
  rule('declared-class-only', 'W', 'error', 'The exported class is only declared'),
  rule('global-scope-io', 'W', 'error', 'Input, output or random values while the module loads'),
  rule('unknown-runtime-module', 'W', 'error', 'A `cloudflare:*` module or name that is not there'),
  rule('missing-base-import', 'W', 'error', '`DurableObject` is used and not imported'),
  rule('shadows-global', 'R', 'warning', 'A top-level name hides a global of the runtime'),
  rule('dynamic-code', 'R', 'error', 'Code made from text'),
  rule('syntax-error', 'W', 'error', 'The source does not parse'),
  rule('missing-fetch', 'R', 'warning', 'The class has no `fetch`'),
  rule('abstract-class', 'R', 'warning', 'The exported class is abstract'),
  rule('sql-storage-unavailable', 'R', 'error', 'Storage that needs SQLite'),
  rule('node-global', 'R', 'warning', 'A global of Node'),
  rule('platform-env-read', 'R', 'warning', "A read of the platform's own environment keys"),
  rule('websocket-needs-public', 'R', 'warning', 'WebSockets that browsers cannot open'),
  rule('public-without-check', 'A', 'information', 'A public class that looks at no token'),
  rule('websocket-message-type', 'R', 'warning', 'A WebSocket message taken for text'),
  rule('hibernation', 'A', 'information', 'Something keeps the instance awake'),
  rule('value-too-large', 'A', 'information', 'More than one storage call takes'),
  rule('unawaited-storage-in-loop', 'A', 'information', 'Storage reads one by one in a loop'),
  rule('body-too-large', 'B', 'error', 'The source is too large for one request'),
  rule('hard-coded-secret', 'A', 'warning', 'A key or token in the source'),

  rule('invalid-name', 'B', 'error', 'A Durable Object name that the platform refuses'),
  rule('name-unreachable', 'R', 'warning', 'A name under which the platform cannot be asked'),
  appRule('too-many-classes', 'B', 'error', 'More than five classes in one app'),
  rule('bundle-too-large', 'B', 'error', "The app's module is too large"),
  appRule('duplicate-class-name', 'W', 'error', 'One class name under two Durable Object names'),
  rule('duplicate-top-level-name', 'W', 'error', 'One top-level name in two sources'),
  rule('merged-top-level-name', 'R', 'warning', 'One `var`, `enum` or `namespace` in two sources'),
  rule('borrowed-name', 'R', 'warning', 'A name that another source declares'),
  appRule('binding-collision', 'B', 'error', 'Two bindings or environment keys of one name'),
  appRule('unknown-env-key', 'R', 'warning', 'An environment key that is not set'),
  appRule('unknown-invoke-target', 'R', 'warning', 'A call to a class that the app does not have'),
  appRule('class-renamed', 'D', 'error', 'Another class name than the deployed one'),
  appRule('class-in-error', 'D', 'error', 'A class in ERROR that the next deploy destroys'),
  appRule('would-destroy', 'D', 'error', 'A deploy that destroys the storage of a class'),
  appRule('drift', 'A', 'information', 'The deployed source differs from the file'),

  rule('disable-without-reason', 'A', 'warning', 'A comment that disables a rule and gives no reason'),
  rule('unknown-rule', 'A', 'warning', 'A comment that names a rule that does not exist'),
  rule('unused-disable', 'A', 'information', 'A comment that disables a rule that finds nothing'),
];

const BY_ID: ReadonlyMap<string, RuleInfo> = new Map(CATALOGUE.map((info) => [info.id, info]));

export function ruleInfo(id: string): RuleInfo | undefined {
  return BY_ID.get(id);
}

/** Whether the platform itself refuses what the rule finds: no setting and no comment changes that. */
export function isRefusal(id: string): boolean {
  return BY_ID.get(id)?.truth === 'B';
}

function rule(id: string, truth: Truth, severity: Severity, title: string, needsApp = false): RuleInfo {
  return { id, truth, severity, title, docs: `docs/rules/${id}.md`, needsApp };
}

function appRule(id: string, truth: Truth, severity: Severity, title: string): RuleInfo {
  return rule(id, truth, severity, title, true);
}
