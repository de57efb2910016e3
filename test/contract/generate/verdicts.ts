import { BundleError } from '../../../src/core/bundle/bundleError.ts';
import { buildModule, type BuiltModule } from '../../../src/core/bundle/buildModule.ts';
import { extractClassName } from '../../../src/core/bundle/className.ts';
import { DoError } from '../../../src/core/errors.ts';
import { ruleInfo } from '../../../src/core/rules/catalogue.ts';
import { lintApp } from '../../../src/core/rules/engine.ts';
import type { Finding } from '../../../src/core/rules/finding.ts';
import { stopsLoading } from '../../../src/core/rules/repairs.ts';
import type { LintInput } from '../../../src/core/rules/subject.ts';
import type { GeneratedApp } from './apps.ts';
import { loadErrors } from './loading.ts';

/** Modules that one workerd process takes: many save starts, and fewer keep both processors busy. */
const BATCH = 60;

/** An app, what the linter and the bundler make of it, and the module when there is one. */
export interface Verdict {
  readonly app: GeneratedApp;
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
  /** Where linter and bundler disagree. */
  readonly difference: string | undefined;
  readonly module: BuiltModule | undefined;
  /** A finding says that the module does not load. */
  readonly isFatal: boolean;
}

/** Where the linter disagrees with the bundler or with workerd about each app; undefined where it does not. */
export async function differences(apps: readonly GeneratedApp[]): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  let loading: Promise<void> = Promise.resolve();
  for (let start = 0; start < apps.length; start += BATCH) {
    const verdicts = apps.slice(start, start + BATCH).map(verdictOf);
    verdicts.forEach(({ difference }, index) => (found[start + index] = difference));
    // The next sources are looked at while workerd loads these.
    await loading;
    loading = load(verdicts).then((differing) => {
      differing.forEach((difference, index) => (found[start + index] ??= difference));
    });
    loading.catch(() => undefined);
  }
  await loading;
  return apps.map((_, index) => found[index]);
}

export function verdictOf(app: GeneratedApp): Verdict {
  const inputs = app.files.map(({ name, code }): LintInput => ({
    uri: name,
    name,
    accessMode: 'public',
    text: code,
  }));
  const findings = lintApp({ files: inputs, deployed: [], envKeys: [], appEnvKeys: [] });
  const differing = app.files.flatMap(({ name, code }) => {
    const expected = refusalOf(() => extractClassName(code));
    const said = codes((findings.get(name) ?? []).filter(({ rule }) => SOURCE_RULES.has(rule)));
    return expected === 'BAD_FILE' || said === (expected ?? '')
      ? []
      : [`${name}: the bundler says ${expected ?? 'nothing'}, the linter ${said || 'nothing'}`];
  });
  let module: BuiltModule | undefined;
  const refusal = refusalOf(() => {
    module = buildModule(app.files.map(({ name, code }) => ({ name, code, accessMode: 'public' })));
  });
  const all = [...findings.values()].flat();
  const said = new Set(all.filter(({ rule }) => ruleInfo(rule)?.truth === 'B').map(({ code }) => code));
  if (refusal === 'BAD_FILE') {
    if (!all.some(({ rule }) => rule === 'syntax-error')) differing.push('TypeScript fails, unseen');
  } else if (refusal === undefined ? said.size > 0 : !said.has(refusal)) {
    differing.push(
      `the bundler says ${refusal ?? 'nothing'}, the linter ${[...said].join(', ') || 'nothing'}`,
    );
  }
  const difference = differing.length === 0 ? undefined : differing.join('\n');
  return { app, findings, module, difference, isFatal: all.some(stopsLoading) };
}

const SOURCE_RULES: ReadonlySet<string> = new Set([
  'no-exported-class',
  'multiple-exported-classes',
  'default-export-class',
  'disallowed-import',
]);

function codes(findings: readonly Finding[]): string {
  return [...new Set(findings.map(({ code }) => code))].sort().join(', ');
}

function refusalOf(build: () => unknown): string | undefined {
  try {
    build();
    return undefined;
  } catch (error) {
    if (error instanceof BundleError || error instanceof DoError) return error.code;
    throw error;
  }
}

async function load(verdicts: readonly Verdict[]): Promise<(string | undefined)[]> {
  const built = verdicts.flatMap(({ module }, index) => (module ? [{ module, index }] : []));
  if (built.length === 0) return [];
  const errors = await loadErrors(built.map(({ module }) => module));
  const found: (string | undefined)[] = [];
  built.forEach(({ index }, at) => {
    const findings = [...(verdicts[index]?.findings.values() ?? [])].flat();
    found[index] = loadDifference(findings, errors[at]);
  });
  return found;
}

function loadDifference(findings: readonly Finding[], error: string | undefined): string | undefined {
  const fatal = findings.filter(stopsLoading);
  if (error !== undefined && fatal.length === 0) return `it does not load, and no rule says so: ${error}`;
  if (error !== undefined || fatal.length === 0) return undefined;
  return `it loads, against ${fatal.map(({ rule, message }) => `${rule}: ${message}`).join('\n')}`;
}
