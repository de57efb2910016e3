import {
  applyEdits,
  type FormattingOptions,
  modify,
  type ParseError,
  parse,
  printParseErrorCode,
} from 'jsonc-parser';
import { DoError, ERROR_CODES } from '../errors.ts';
import { isAccessMode } from './app.ts';
import { MANIFEST_PATH, type Manifest, type ManifestClass } from './manifest.ts';

/** What the text of a manifest says, or the first reason why it cannot be used and where (UTF-16 offset). */
export type ParsedManifest =
  | { readonly ok: true; readonly manifest: Manifest }
  | { readonly ok: false; readonly problem: string; readonly offset: number };

/** Reads a manifest. Comments and trailing commas are allowed, other keys are left to whoever put them there. */
export function parseManifest(text: string): ParsedManifest {
  const errors: ParseError[] = [];
  const body = withoutBom(text);
  if (body.trim() === '') return { ok: true, manifest: { classes: {} } };
  const value: unknown = parse(body, errors, { allowTrailingComma: true });
  const first = errors[0];
  if (first !== undefined) {
    const { line, column } = positionAt(body, first.offset);
    const problem = `${words(printParseErrorCode(first.error))} in line ${line}, column ${column}`;
    return { ok: false, problem, offset: first.offset };
  }
  const problem = problemOf(value);
  if (problem !== undefined) return { ok: false, problem, offset: 0 };
  const classes: Record<string, ManifestClass> = {};
  const entries = isRecord(value) && isRecord(value['classes']) ? Object.entries(value['classes']) : [];
  for (const [name, entry] of entries) {
    if (!isRecord(entry) || typeof entry['source'] !== 'string') continue;
    const mode = entry['accessMode'];
    classes[name] = {
      source: normalise(entry['source']),
      accessMode: isAccessMode(mode) ? mode : 'authenticated',
    };
  }
  return { ok: true, manifest: { classes } };
}

/**
 * The manifest with the class `name` set; everything else, comments and formatting included, stays. No text
 * makes a manifest.
 *
 * @throws DoError `BAD_CONFIG` when the text cannot be read: it is never overwritten.
 */
export function withClass(text: string | undefined, name: string, entry: ManifestClass): string {
  const base = text === undefined || withoutBom(text).trim() === '' ? '{}\n' : text;
  requireReadable(base);
  const parsed = parseManifest(base);
  const existing =
    parsed.ok && Object.hasOwn(parsed.manifest.classes, name) ? parsed.manifest.classes[name] : undefined;
  let result = base;
  if (existing?.source !== entry.source) result = set(result, ['classes', name, 'source'], entry.source);
  return set(result, ['classes', name, 'accessMode'], entry.accessMode);
}

/** The manifest without the class `name`. Throws like `withClass`. */
export function withoutClass(text: string, name: string): string {
  const parsed = requireReadable(text);
  if (!Object.hasOwn(parsed.classes, name)) return text;
  // Of the last class an object with nothing but a line break in it would stay.
  return set(text, ['classes', name], undefined).replace(/("classes"\s*:\s*)\{\s*\}/, '$1{}');
}

/**
 * The manifest after files moved: `newPath` gives the new path of a source, or undefined when it stays.
 * The same text when nothing moved. Throws like `withClass`.
 */
export function withMovedSources(text: string, newPath: (source: string) => string | undefined): string {
  let result = text;
  for (const [name, entry] of Object.entries(requireReadable(text).classes)) {
    const moved = newPath(entry.source);
    if (moved !== undefined) result = set(result, ['classes', name, 'source'], moved);
  }
  return result;
}

/** The error of a manifest that cannot be read. */
export function manifestError(problem: string, cause?: unknown): DoError {
  return new DoError({
    code: ERROR_CODES.badConfig,
    message: `${MANIFEST_PATH} cannot be read: ${problem}.`,
    nextStep: 'Correct it; it is left as it is until then.',
    cause,
  });
}

function requireReadable(text: string): Manifest {
  const parsed = parseManifest(text);
  if (!parsed.ok) throw manifestError(parsed.problem);
  return parsed.manifest;
}

function problemOf(value: unknown): string | undefined {
  if (!isRecord(value)) return 'it must be an object';
  const classes = value['classes'];
  if (classes === undefined) return undefined;
  if (!isRecord(classes)) return '"classes" must be an object';
  for (const [name, entry] of Object.entries(classes)) {
    if (!isRecord(entry)) return `"${name}" must be an object`;
    const { source, accessMode } = entry;
    if (typeof source !== 'string' || source.trim() === '') return `"${name}" has no "source"`;
    if (leavesFolder(normalise(source))) return `the source of "${name}" is not inside this folder`;
    if (accessMode !== undefined && !isAccessMode(accessMode)) {
      return `the access mode of "${name}" must be public, authenticated or service_key`;
    }
  }
  return undefined;
}

/** `./a\b.ts` -> `a/b.ts`. */
function normalise(source: string): string {
  return source
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '');
}

function leavesFolder(source: string): boolean {
  return /^(?:\/|[A-Za-z]:)/.test(source) || source.split('/').includes('..');
}

function set(text: string, path: string[], value: unknown): string {
  const body = withoutBom(text);
  const edited = applyEdits(body, modify(body, path, value, { formattingOptions: formattingOf(body) }));
  return text.slice(0, text.length - body.length) + edited;
}

/** The indentation and line ends that the text uses already. */
function formattingOf(text: string): FormattingOptions {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return indent.startsWith('\t')
    ? { insertSpaces: false, tabSize: 4, eol }
    : { insertSpaces: true, tabSize: indent.length, eol };
}

function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: offset - lastBreak };
}

/** `CommaExpected` -> `comma expected`. */
function words(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

function withoutBom(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
