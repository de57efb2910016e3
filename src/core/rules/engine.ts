import { DoError, toError } from '../errors.ts';
import { abstractClass } from './abstractClass.ts';
import { borrowedName } from './borrowedName.ts';
import { classInError } from './classInError.ts';
import { classRenamed } from './classRenamed.ts';
import { drift } from './drift.ts';
import { dynamicCode } from './dynamicCode.ts';
import { hardCodedSecret } from './hardCodedSecret.ts';
import { hibernation } from './hibernation.ts';
import { mergedTopLevelName } from './mergedTopLevelName.ts';
import { missingFetch } from './missingFetch.ts';
import { nameUnreachable } from './nameUnreachable.ts';
import { nodeGlobal } from './nodeGlobal.ts';
import { platformEnvRead } from './platformEnvRead.ts';
import { publicWithoutCheck } from './publicWithoutCheck.ts';
import { shadowsGlobal } from './shadowsGlobal.ts';
import { sqlStorageUnavailable } from './sqlStorageUnavailable.ts';
import { unawaitedStorageInLoop } from './unawaitedStorageInLoop.ts';
import { unknownEnvKey } from './unknownEnvKey.ts';
import { unknownInvokeTarget } from './unknownInvokeTarget.ts';
import { valueTooLarge } from './valueTooLarge.ts';
import { websocketMessageType } from './websocketMessageType.ts';
import { websocketNeedsPublic } from './websocketNeedsPublic.ts';
import { wouldDestroy } from './wouldDestroy.ts';
import { bindingCollision } from './bindingCollision.ts';
import { bodyTooLarge } from './bodyTooLarge.ts';
import { bundleTooLarge } from './bundleTooLarge.ts';
import { declaredClassOnly } from './declaredClassOnly.ts';
import { defaultExportClass } from './defaultExportClass.ts';
import { disallowedImport } from './disallowedImport.ts';
import { duplicateClassName } from './duplicateClassName.ts';
import { duplicateTopLevelName } from './duplicateTopLevelName.ts';
import { areKeysKnown } from './envKeys.ts';
import { extraExport } from './extraExport.ts';
import type { Finding, Range } from './finding.ts';
import { globalScopeIo } from './globalScopeIo.ts';
import { importAliasLost } from './importAliasLost.ts';
import { importTypeBecomesValue } from './importTypeBecomesValue.ts';
import { invalidName } from './invalidName.ts';
import { missingBaseImport } from './missingBaseImport.ts';
import { mixedImportForms } from './mixedImportForms.ts';
import { multipleExportedClasses } from './multipleExportedClasses.ts';
import { noExportedClass } from './noExportedClass.ts';
import { settleRepairs } from './repairs.ts';
import { reservedTopLevelName } from './reservedTopLevelName.ts';
import { secondDefaultExport } from './secondDefaultExport.ts';
import { isRefusal, ruleInfo } from './catalogue.ts';
import { withSettings, type RuleSettings } from './severities.ts';
import {
  FileSubject,
  type AppContext,
  type AppRule,
  type AppSubject,
  type FileRule,
  type LintInput,
} from './subject.ts';
import { withComments } from './suppression.ts';
import { SYNTAX_ERROR, syntaxError } from './syntaxError.ts';
import { tooManyClasses } from './tooManyClasses.ts';
import { uncheckedModuleReference } from './uncheckedModuleReference.ts';
import { unknownRuntimeModule } from './unknownRuntimeModule.ts';
import { unusedEnvKeys } from './unusedEnvKey.ts';

export const FILE_RULES: readonly FileRule[] = [
  syntaxError,
  disallowedImport,
  defaultExportClass,
  noExportedClass,
  multipleExportedClasses,
  secondDefaultExport,
  declaredClassOnly,
  unknownRuntimeModule,
  bodyTooLarge,
  missingFetch,
  abstractClass,
  sqlStorageUnavailable,
  platformEnvRead,
  websocketNeedsPublic,
  publicWithoutCheck,
  websocketMessageType,
  hibernation,
  valueTooLarge,
  unawaitedStorageInLoop,
  hardCodedSecret,
];

export const APP_RULES: readonly AppRule[] = [
  invalidName,
  tooManyClasses,
  bundleTooLarge,
  bindingCollision,
  importTypeBecomesValue,
  importAliasLost,
  mixedImportForms,
  missingBaseImport,
  uncheckedModuleReference,
  extraExport,
  globalScopeIo,
  dynamicCode,
  nodeGlobal,
  duplicateClassName,
  duplicateTopLevelName,
  reservedTopLevelName,
  shadowsGlobal,
  nameUnreachable,
  mergedTopLevelName,
  borrowedName,
  unknownEnvKey,
  unknownInvokeTarget,
  classRenamed,
  classInError,
  wouldDestroy,
  drift,
];

/**
 * Everything that the rules find, by file; a file without findings has an empty list. Never throws: a text on
 * which TypeScript fails has that as its finding.
 * For sources that are only deployed there is no answer; the rules for the whole app look at them, too.
 * @param options.only uris to answer for; all files are still looked at by the rules for the whole app
 * @param options.onParse told of each file that had to be parsed
 * @param options.severities what was set for rules; comments in the files are heeded in any case
 */
export function lintApp(
  context: AppContext,
  options: { only?: readonly string[]; severities?: RuleSettings; onParse?: (uri: string) => void } = {},
): Map<string, Finding[]> {
  const wanted = options.only === undefined ? undefined : new Set(options.only);
  const findings = new Map<string, Finding[]>();
  const files: FileSubject[] = [];
  for (const input of context.files) {
    const isWanted = input.isDeployedOnly !== true && (wanted === undefined || wanted.has(input.uri));
    const subject = subjectOf(input, options.onParse);
    if (subject instanceof FileSubject) files.push(subject);
    if (!isWanted) continue;
    findings.set(
      input.uri,
      subject instanceof FileSubject ? [...ownFindings(subject)] : [unreadable(subject)],
    );
  }
  const all: AppSubject = { ...context, files };
  const app: AppSubject = { ...context, files: files.filter((file) => !isHuge(file)) };
  for (const rule of context.isPartial === true ? [] : APP_RULES) {
    for (const [file, finding] of checkApp(rule, isRefusal(rule.id) ? all : app))
      findings.get(file.input.uri)?.push(finding);
  }
  if (context.isPartial !== true) {
    settleRepairs(app.files, findings, (loaded) => loadFindings({ ...app, files: loaded }));
  }
  for (const file of files) {
    const found = findings.get(file.input.uri);
    if (found) {
      const couldLook = (rule: string): boolean => isKnownTo(rule, context, file);
      findings.set(file.input.uri, mostOf(withComments(file, mostOf(found), couldLook)));
    }
  }
  if (options.severities !== undefined) {
    for (const [uri, found] of findings) findings.set(uri, withSettings(found, options.severities));
  }
  return findings;
}

/**
 * The env keys that no class of the app reads. Undefined when that cannot be known: nobody is signed in, the app
 * has no class, or the source of a deployed one is not among the files or cannot be read to its end.
 */
export function unusedKeysOf(context: AppContext): string[] | undefined {
  const { deployed, envKeys } = context;
  if (envKeys === undefined) return undefined;
  const files = context.files.map((input) => subjectOf(input));
  const readable = files.filter((file) => file instanceof FileSubject);
  const whole = new Set(readable.filter(isWhole).map(({ input }) => input.name));
  const isAllThere = readable.length === files.length && deployed.every(({ name }) => whole.has(name));
  return deployed.length > 0 && isAllThere ? unusedEnvKeys(readable, envKeys) : undefined;
}

/** Whether the source is a class, and parses. */
function isWhole(file: FileSubject): boolean {
  return file.refusal === undefined && syntaxError.check(file).length === 0;
}

/** Whether a rule had all that it looks at besides the file. */
function isKnownTo(rule: string, context: AppContext, { input }: FileSubject): boolean {
  const { envKeys, deployedSources, isPartial } = context;
  if (isPartial === true && !FILE_RULES.some(({ id }) => id === rule)) return false;
  if (ruleInfo(rule)?.needsApp !== true || isRefusal(rule)) return true;
  if (rule === drift.id) return input.name !== undefined && deployedSources?.has(input.name) === true;
  return rule === unknownEnvKey.id ? areKeysKnown(context) : envKeys !== undefined;
}

/** A caller that hands in the same object for an unchanged file saves its parse. */
const subjects = new WeakMap<LintInput, FileSubject | Error>();

function subjectOf(input: LintInput, onParse?: (uri: string) => void): FileSubject | Error {
  let subject = subjects.get(input);
  if (subject === undefined) {
    onParse?.(input.uri);
    try {
      subject = new FileSubject(input);
    } catch (error) {
      subject = toError(error);
    }
    subjects.set(input, subject);
  }
  return subject;
}

/** What the rules for one file find hangs on nothing but the file. */
const found = new WeakMap<FileSubject, readonly Finding[]>();

function ownFindings(file: FileSubject): readonly Finding[] {
  let findings = found.get(file);
  if (findings === undefined) {
    const isWhole = !isHuge(file);
    findings = FILE_RULES.filter(({ id }) => isWhole || isRefusal(id)).flatMap((rule) => check(rule, file));
    if (!isWhole) findings = [...findings, leftOut(file)];
    found.set(file, findings);
  }
  return findings;
}

function check(rule: FileRule, file: FileSubject): Finding[] {
  try {
    return rule.check(file);
  } catch (error) {
    return [gaveUp(rule.id, error)];
  }
}

function checkApp(rule: AppRule, app: AppSubject): (readonly [FileSubject, Finding])[] {
  try {
    return [...rule.check(app)];
  } catch (error) {
    return app.files.map((file) => [file, gaveUp(rule.id, error)]);
  }
}

/** What the rules that can tell whether a module loads find in it, by file. */
function loadFindings(app: AppSubject): Map<FileSubject, Finding[]> {
  const canTell = ({ id }: { readonly id: string }): boolean =>
    ['W', 'R'].includes(ruleInfo(id)?.truth ?? '');
  const own = FILE_RULES.filter(canTell);
  const all = new Map(app.files.map((file) => [file, own.flatMap((rule) => check(rule, file))]));
  for (const rule of APP_RULES.filter(canTell)) {
    for (const [file, finding] of checkApp(rule, app)) all.get(file)?.push(finding);
  }
  return all;
}

/** More findings in one file than anybody reads; errors are among those that are kept. */
const MOST_FINDINGS = 1_000;

function mostOf(findings: Finding[]): Finding[] {
  if (findings.length <= MOST_FINDINGS) return findings;
  const [errors, others] = [true, false].map((isError) =>
    findings.filter(({ severity }) => (severity === 'error') === isError),
  );
  return [...(errors ?? []), ...(others ?? [])].slice(0, MOST_FINDINGS);
}

/** So many pieces of syntax cannot be looked at by every rule while somebody types. */
const MOST_NODES = 250_000;

function isHuge({ facts }: FileSubject): boolean {
  const { nodeCount } = facts.file as { readonly nodeCount?: number };
  return (nodeCount ?? 0) > MOST_NODES;
}

function leftOut(file: FileSubject): Finding {
  return {
    rule: SYNTAX_ERROR,
    code: SYNTAX_ERROR,
    severity: 'information',
    message: 'This file is so large that only what the platform itself refuses is looked for.',
    range: file.range(0, Math.min(1, file.text.length)),
    fixes: [],
  };
}

/** A source that is nested thousands of levels deep can pass the stack of a rule that walks it. */
function gaveUp(rule: string, error: unknown): Finding {
  return {
    rule,
    code: rule,
    severity: 'information',
    message: `The check ${rule} could not look at this file (${toError(error).message}), so it says nothing about it.`,
    range: FIRST_CHARACTER,
    fixes: [],
  };
}

const FIRST_CHARACTER: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

function unreadable(error: Error): Finding {
  const reason =
    error instanceof DoError ? error.message : `TypeScript fails on this source: ${error.message}`;
  return {
    rule: SYNTAX_ERROR,
    code: SYNTAX_ERROR,
    severity: 'error',
    message: `${reason} A deploy of it is answered with an internal error.`,
    range: FIRST_CHARACTER,
    fixes: [],
  };
}
