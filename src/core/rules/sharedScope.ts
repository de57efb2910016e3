import type { AppSubject, FileSubject } from './subject.ts';
import { runtimeImports } from './runtimeImports.ts';

/** The files whose sources become one module with this one, itself included: a file outside of an app is alone. */
export function moduleAround(app: Pick<AppSubject, 'files'>, file: FileSubject): readonly FileSubject[] {
  return app.files.filter((other) => isOfOneModule(file, other));
}

/** Whether two sources share one scope. */
export function isOfOneModule(a: FileSubject, b: FileSubject): boolean {
  return a === b || (a.input.name !== undefined && b.input.name !== undefined);
}

const known = new WeakMap<FileSubject, ReadonlySet<string>>();

/** The names that a source adds to the scope of its module: its top-level ones and its imports. */
export function scopeNames(file: FileSubject): ReadonlySet<string> {
  let names = known.get(file);
  if (names === undefined) {
    names = new Set([
      ...file.topLevel.filter(({ kind }) => kind !== 'default').map(({ name }) => name),
      ...runtimeImports(file).map(({ local }) => local.text),
    ]);
    known.set(file, names);
  }
  return names;
}
