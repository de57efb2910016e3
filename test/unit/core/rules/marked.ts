import assert from 'node:assert/strict';
import { lintApp } from '../../../../src/core/rules/engine.ts';
import type { Finding, Fix } from '../../../../src/core/rules/finding.ts';
import type { AppContext, LintInput } from '../../../../src/core/rules/subject.ts';
import type { DoClass } from '../../../../src/core/model/app.ts';
import { applyFix, markedText } from './lintOne.ts';

/** What an app consists of: the source of `a-room`, or sources by DO name. */
export type Sources = string | Readonly<Record<string, string>>;

export interface Surroundings extends Partial<Omit<AppContext, 'files'>> {
  readonly accessMode?: LintInput['accessMode'];
}

/** The body of a method of a class that keeps its state and environment in every usual way. */
export function inFetch(body: string): string {
  return `import { DurableObject } from 'cloudflare:workers';
export class Room extends DurableObject {
  async fetch(request: Request): Promise<Response> {
    ${body}
    return new Response('ok');
  }
}
`;
}

/** A row as the platform lists it. */
export function row(name: string, className: string, overrides: Partial<DoClass> = {}): DoClass {
  return {
    id: `id of ${name}`,
    name,
    className,
    status: 'READY',
    accessMode: 'authenticated',
    lastDeployedAt: '2026-08-01T10:00:00.000Z',
    errorMessage: undefined,
    ...overrides,
  };
}

/** Findings of one rule over all sources; every fix of them is applied and checked on the way. */
export function findingsOf(rule: string, sources: Sources, around: Surroundings = {}): Finding[] {
  const context = contextOf(sources, around);
  const all = lintApp(context);
  for (const { uri, text } of context.files) {
    for (const finding of all.get(uri) ?? []) {
      if (finding.rule !== rule) continue;
      for (const fix of finding.fixes) assertMends(context, { uri, text }, finding, fix);
    }
  }
  return [...all.values()].flat().filter((finding) => finding.rule === rule);
}

/** The pieces of the sources that one rule marks. */
export function marked(rule: string, sources: Sources, around: Surroundings = {}): string[] {
  const context = contextOf(sources, around);
  findingsOf(rule, sources, around);
  const all = lintApp(context);
  return context.files.flatMap(({ uri, text }) =>
    (all.get(uri) ?? [])
      .filter((finding) => finding.rule === rule)
      .map((finding) => markedText(text, finding)),
  );
}

/** The only source after the preferred fix of the only finding. */
export function mended(rule: string, text: string, around: Surroundings = {}): string {
  const [finding, more] = findingsOf(rule, text, around);
  assert.equal(more, undefined);
  return applyFix(text, finding?.fixes[0]);
}

function contextOf(sources: Sources, { accessMode = 'authenticated', ...rest }: Surroundings): AppContext {
  const byName = typeof sources === 'string' ? { 'a-room': sources } : sources;
  const files = Object.entries(byName).map(([name, text]) => ({
    uri: `file:///${name}.ts`,
    name,
    accessMode,
    text,
  }));
  // Of the whole app nothing is set, unless a test says so.
  return { deployed: [], envKeys: undefined, appEnvKeys: rest.envKeys && [], ...rest, files };
}

/** A fix leaves a file that parses, without the finding, and with every finding of other rules as it was. */
function assertMends(
  context: AppContext,
  { uri, text }: Pick<LintInput, 'uri' | 'text'>,
  finding: Finding,
  fix: Fix,
): void {
  const after = applyFix(text, fix);
  const files = context.files.map((file) => (file.uri === uri ? { ...file, text: after } : file));
  const found = lintApp({ ...context, files });
  const before = lintApp(context);
  const own = (findings: Finding[] | undefined): number =>
    (findings ?? []).filter(({ rule }) => rule === finding.rule).length;
  assert.equal(own(found.get(uri)), own(before.get(uri)) - 1, `the finding is gone:\n${after}`);
  for (const file of context.files) {
    const others = (findings: Finding[] | undefined): string[] =>
      (findings ?? [])
        .filter(({ rule }) => rule !== finding.rule)
        .map(({ rule, severity }) => `${rule} ${severity}`);
    assert.deepEqual(
      others(found.get(file.uri)),
      others(before.get(file.uri)),
      `other findings stay:\n${after}`,
    );
  }
}
