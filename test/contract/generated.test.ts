import assert from 'node:assert/strict';
import fc from 'fast-check';
import { suite, test } from 'mocha';
import { app } from './generate/apps.ts';
import { CASES } from './generate/cases.ts';
import { DECLARED_TWICE } from './generate/declaredTwice.ts';
import { EXPRESSIONS } from './generate/expressionGrammar.ts';
import { GRAMMAR } from './generate/grammar.ts';
import { LOADING } from './generate/loadingCases.ts';
import { DECLARATIONS } from './generate/loadingSources/declarations.ts';
import { EXPORTS } from './generate/loadingSources/exports.ts';
import { FLOW } from './generate/loadingSources/flow.ts';
import { FUNCTIONS } from './generate/loadingSources/functions.ts';
import { IDIOMS } from './generate/loadingSources/idioms.ts';
import { LANGUAGE_IDIOMS } from './generate/loadingSources/idiomsOfLanguage.ts';
import { KEYS } from './generate/loadingSources/keys.ts';
import { OBJECTS } from './generate/loadingSources/objects.ts';
import { RUNTIME } from './generate/loadingSources/runtime.ts';
import { SELECTORS } from './generate/loadingSources/selectors.ts';
import { URL_PATTERNS } from './generate/loadingSources/urlPatterns.ts';
import { VALUES } from './generate/loadingSources/values.ts';
import { WAITING } from './generate/loadingSources/waiting.ts';
import { WAYS } from './generate/loadingSources/ways.ts';
import { findDifferences } from './generate/report.ts';
import { SURROUNDINGS } from './generate/surroundings.ts';
import { TYPESCRIPT } from './generate/typeScriptGrammar.ts';
import { differences, verdictOf } from './generate/verdicts.ts';
import { WORDS } from './generate/wordGrammar.ts';

/** Apps that are generated, linted, built and loaded in workerd. `npm run fuzz` takes any number. */
const APPS = 2_200;
/** Those of which most sources do not parse. */
const BROKEN_APPS = 500;
/** Which ones: change it with the generator only, so that a failure is one of the change that was made. */
const SEED = 20_261_122;
/** Of a generator that makes other apps than it should, the test would say nothing. */
const LEAST_LOADED = 400;
const LEAST_REFUSED_BY_BUNDLER = 250;
const LEAST_REFUSED_BY_RUNTIME = 400;

suite('generated apps', function () {
  this.timeout(240_000);

  test(`linter, bundler and workerd agree about ${APPS} of them`, async () => {
    const reports = await findDifferences({ apps: APPS, seed: SEED, most: 5 });
    assert.equal(reports.join('\n\n'), '');
  });

  test(`they agree about ${BROKEN_APPS} that were hit by a slip`, async () => {
    const reports = await findDifferences({ apps: BROKEN_APPS, seed: SEED, most: 5, broken: true });
    assert.equal(reports.join('\n\n'), '');
  });

  test('they are of every kind', () => {
    const verdicts = fc.sample(app, { numRuns: APPS, seed: SEED }).map(verdictOf);
    const refused = verdicts.filter(({ module }) => module === undefined);
    const clean = verdicts.filter(({ isFatal, module }) => module && !isFatal);
    assert.ok(refused.length >= LEAST_REFUSED_BY_BUNDLER, `${refused.length} refused by the bundler`);
    assert.ok(clean.length >= LEAST_LOADED, `${clean.length} that load`);
    const fatal = APPS - refused.length - clean.length;
    assert.ok(fatal >= LEAST_REFUSED_BY_RUNTIME, `${fatal} refused by the runtime`);
  });
});

suite('apps that were found by generating', function () {
  this.timeout(60_000);
  let found: Promise<(string | undefined)[]> | undefined;

  CASES.forEach(({ title }, index) => {
    test(title, async () => {
      found ??= differences(CASES.map(({ sources }) => appOf(sources)));
      assert.equal((await found)[index], undefined);
    });
  });
});

for (const [title, sources] of [
  ['the grammar of JavaScript', GRAMMAR],
  ['the grammar of expressions', EXPRESSIONS],
  ['the grammar of words, regular expressions and exports', WORDS],
  ['what is allowed by what is around it', SURROUNDINGS],
  ['the grammar that TypeScript changes', TYPESCRIPT],
  ['names that are declared twice', DECLARED_TWICE],
  ['what runs while a module loads', LOADING],
  ['values while a module loads', VALUES],
  ['objects while a module loads', OBJECTS],
  ['functions and classes while a module loads', FUNCTIONS],
  ['what a module exports and decorates', EXPORTS],
  ['loops, conditions and errors while a module loads', FLOW],
  ['what a module asks of the runtime while it loads', RUNTIME],
  ['names, groups and events while a module loads', DECLARATIONS],
  ['ways through a module that nobody knows before', WAYS],
  ['what a module waits for while it loads', WAITING],
  ['what people write that runs while a module loads', IDIOMS],
  ['what people make of the language while a module loads', LANGUAGE_IDIOMS],
  ['keys and digests while a module loads', KEYS],
  ['patterns of URLs while a module loads', URL_PATTERNS],
  ['selectors while a module loads', SELECTORS],
] as const) {
  suite(title, function () {
    this.timeout(120_000);

    test('linter, bundler and workerd agree about what breaks it', async () => {
      const found = await differences(sources.map((source) => appOf([`${source}\nexport class Room {}`])));
      const reports = found.flatMap((difference, index) =>
        difference === undefined ? [] : [`${sources[index] ?? ''}\n  ${difference}`],
      );
      assert.equal(reports.join('\n'), '');
    });
  });
}

function appOf(sources: readonly string[]): { files: { name: string; code: string }[] } {
  return { files: sources.map((code, index) => ({ name: `${String.fromCharCode(97 + index)}-file`, code })) };
}
