import { DoError, toError } from '../errors.ts';
import { bindingCollision } from './bindingCollision.ts';
import { bodyTooLarge } from './bodyTooLarge.ts';
import { bundleTooLarge } from './bundleTooLarge.ts';
import { declaredClassOnly } from './declaredClassOnly.ts';
import { defaultExportClass } from './defaultExportClass.ts';
import { disallowedImport } from './disallowedImport.ts';
import { duplicateClassName } from './duplicateClassName.ts';
import { duplicateTopLevelName } from './duplicateTopLevelName.ts';
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
import { reservedTopLevelName } from './reservedTopLevelName.ts';
import { secondDefaultExport } from './secondDefaultExport.ts';
import {
  FileSubject,
  type AppContext,
  type AppRule,
  type AppSubject,
  type FileRule,
  type LintInput,
} from './subject.ts';
import { SYNTAX_ERROR, syntaxError } from './syntaxError.ts';
import { tooManyClasses } from './tooManyClasses.ts';
import { uncheckedModuleReference } from './uncheckedModuleReference.ts';
import { unknownRuntimeModule } from './unknownRuntimeModule.ts';

export const FILE_RULES: readonly FileRule[] = [
  syntaxError,
  disallowedImport,
  defaultExportClass,
  noExportedClass,
  multipleExportedClasses,
  importTypeBecomesValue,
  importAliasLost,
  uncheckedModuleReference,
  secondDefaultExport,
  reservedTopLevelName,
  extraExport,
  declaredClassOnly,
  globalScopeIo,
  unknownRuntimeModule,
  bodyTooLarge,
];

export const APP_RULES: readonly AppRule[] = [
  invalidName,
  tooManyClasses,
  bundleTooLarge,
  bindingCollision,
  mixedImportForms,
  missingBaseImport,
  duplicateClassName,
  duplicateTopLevelName,
];

/**
 * Everything that the rules find, by file; a file without findings has an empty list. Never throws: a text on
 * which TypeScript fails has that as its finding.
 * @param options.only uris to answer for; all files are still looked at by the rules for the whole app
 */
export function lintApp(
  context: AppContext,
  options: { only?: readonly string[] } = {},
): Map<string, Finding[]> {
  const wanted = options.only === undefined ? undefined : new Set(options.only);
  const findings = new Map<string, Finding[]>();
  const files: FileSubject[] = [];
  for (const input of context.files) {
    const isWanted = wanted === undefined || wanted.has(input.uri);
    const subject = subjectOf(input);
    if (subject instanceof FileSubject) files.push(subject);
    if (!isWanted) continue;
    findings.set(
      input.uri,
      subject instanceof FileSubject
        ? FILE_RULES.flatMap((rule) => check(rule, subject))
        : [unreadable(subject)],
    );
  }
  const app = { files, deployed: context.deployed, envKeys: context.envKeys };
  for (const rule of APP_RULES) {
    for (const [file, finding] of checkApp(rule, app)) findings.get(file.input.uri)?.push(finding);
  }
  return findings;
}

/** A caller that hands in the same object for an unchanged file saves its parse. */
const subjects = new WeakMap<LintInput, FileSubject | Error>();

function subjectOf(input: LintInput): FileSubject | Error {
  let subject = subjects.get(input);
  if (subject === undefined) {
    try {
      subject = new FileSubject(input);
    } catch (error) {
      subject = toError(error);
    }
    subjects.set(input, subject);
  }
  return subject;
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
