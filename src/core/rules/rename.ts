import ts from 'typescript';
import { isFreeFor, mentionsOf, usesOf } from '../source/meanings.ts';
import type { TextEdit } from './finding.ts';
import { RESERVED_NAMES } from './reservedNames.ts';
import { isRuntimeGlobal } from './runtimeGlobals.ts';
import { moduleAround, scopeNames } from './sharedScope.ts';
import type { AppSubject, FileSubject } from './subject.ts';

/** A name that is used more often is for a person's own tool: each finding would carry all of the edits. */
const MOST_USES = 1_000;

/**
 * Edits that give another name to what `at` declares at the top level, with all its uses, types included.
 * Undefined where the new name is taken, in the file or in the module that it is part of, and where another
 * source borrows the old one.
 */
export function renameEdits(
  app: AppSubject,
  file: FileSubject,
  at: ts.Identifier,
  newName: string,
): readonly TextEdit[] | undefined {
  const isBorrowed = others(app, file).some((other) => usesFromOutside(other, at.text));
  if (isBorrowed || isTakenElsewhere(app, file, newName)) return undefined;
  const uses = usesIn(file, at);
  return uses && isFreeFor(file.facts.file, newName, uses) ? editsOf(file, uses, newName) : undefined;
}

/**
 * The same with a name that is free everywhere, made from `wish` by a number where it has to be. Other sources
 * that write the old name mean another thing than this source's, so they do not matter.
 */
export function renameToFree(
  app: AppSubject,
  file: FileSubject,
  at: ts.Identifier,
  wish: string,
): { readonly newName: string; readonly edits: readonly TextEdit[] } | undefined {
  const uses = usesIn(file, at);
  if (uses === undefined) return undefined;
  const newName = freeName(app, file, wish);
  return { newName, edits: editsOf(file, uses, newName) };
}

function usesIn(file: FileSubject, at: ts.Identifier): readonly ts.Identifier[] | undefined {
  if (mentionsOf(file.facts.file, at.text).length > MOST_USES) return undefined;
  const uses = usesOf(file.facts.file, at);
  return uses.length === 0 ? undefined : uses;
}

function freeName(app: AppSubject, file: FileSubject, wish: string): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wish : `${wish}${count}`;
    if (isRuntimeGlobal(name) || RESERVED_NAMES.has(name) || isTakenElsewhere(app, file, name)) continue;
    if (mentionsOf(file.facts.file, name).length === 0) return name;
  }
}

function isTakenElsewhere(app: AppSubject, file: FileSubject, name: string): boolean {
  return others(app, file).some((other) => scopeNames(other).has(name) || usesFromOutside(other, name));
}

function others(app: AppSubject, file: FileSubject): readonly FileSubject[] {
  return moduleAround(app, file).filter((other) => other !== file);
}

/** Whether a source uses a name that it does not declare itself. */
function usesFromOutside(file: FileSubject, name: string): boolean {
  return !scopeNames(file).has(name) && file.references.all.some((use) => use.name === name);
}

/** A name that is declared a thousand times has as many findings, with the same edits. */
const known = new WeakMap<readonly ts.Identifier[], { newName: string; edits: readonly TextEdit[] }>();

function editsOf(file: FileSubject, uses: readonly ts.Identifier[], newName: string): readonly TextEdit[] {
  const last = known.get(uses);
  if (last?.newName === newName) return last.edits;
  const edits = uses.map((node) => {
    const { start, text } = replacement(file, node, newName);
    return file.edit(start, node.end, text);
  });
  known.set(uses, { newName, edits });
  return edits;
}

/** Where one word names a member and what is in it, the member keeps its name. */
function replacement(
  file: FileSubject,
  node: ts.Identifier,
  newName: string,
): { readonly start: number; readonly text: string } {
  const start = node.getStart(file.facts.file);
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) {
    return { start, text: parent.name === node ? `${node.text}: ${newName}` : newName };
  }
  if (ts.isBindingElement(parent) && parent.name === node && isShorthandPattern(parent)) {
    return { start, text: `${node.text}: ${newName}` };
  }
  if (ts.isExportSpecifier(parent) && parent.propertyName === undefined) {
    return { start, text: `${newName} as ${node.text}` };
  }
  if (ts.isImportSpecifier(parent)) {
    const { propertyName } = parent;
    if (propertyName?.text === newName)
      return { start: propertyName.getStart(file.facts.file), text: newName };
    return { start, text: propertyName === undefined ? `${node.text} as ${newName}` : newName };
  }
  return { start, text: newName };
}

function isShorthandPattern(element: ts.BindingElement): boolean {
  return (
    element.propertyName === undefined &&
    element.dotDotDotToken === undefined &&
    ts.isObjectBindingPattern(element.parent)
  );
}
