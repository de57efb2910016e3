import { simulate, type Load } from '../load/simulate.ts';
import { SOME_STRING, UNDEFINED, UNKNOWN, type Value } from '../load/values.ts';
import { bindingOf } from '../model/names.ts';
import { areKeysKnown, knownKeys } from './envKeys.ts';
import { PLATFORM_KEYS } from './platformKeys.ts';
import { isRuntimeGlobal } from './runtimeGlobals.ts';
import { runtimeImports } from './runtimeImports.ts';
import { exportsOf } from './runtimeModules.ts';
import type { AppSubject, FileSubject } from './subject.ts';

/** Looked at once for all rules of a pass. */
const loads = new WeakMap<AppSubject, ReadonlyMap<FileSubject, Load>>();

/** What happens while the module that a file is part of loads. */
export function loadOf(app: AppSubject, file: FileSubject): Load {
  let known = loads.get(app);
  if (known === undefined) {
    known = readLoads(app);
    loads.set(app, known);
  }
  const load = known.get(file);
  if (load === undefined) throw new Error(`${file.input.uri} is no file of the app.`);
  return load;
}

function readLoads(app: AppSubject): Map<FileSubject, Load> {
  const found = new Map<FileSubject, Load>();
  for (const file of app.files.filter(({ input }) => input.name === undefined)) {
    found.set(file, load(app, [file]));
  }
  // The platform puts the sources into the order of their DO names.
  const members = app.files
    .filter(({ input }) => input.name !== undefined)
    .sort((a, b) => ((a.input.name ?? '') < (b.input.name ?? '') ? -1 : 1));
  const shared = members.length === 0 ? undefined : load(app, members);
  for (const file of members) if (shared) found.set(file, shared);
  return found;
}

function load(app: AppSubject, files: readonly FileSubject[]): Load {
  const sources = files.map((file) => ({
    file: file.facts.file,
    topLevel: file.topLevel,
    imports: runtimeImports(file).map(({ local, form, module }) => ({
      // The bundler keeps the local name only.
      local: local.text,
      exported: local.text,
      space: form === 'named' ? undefined : (exportsOf(module) ?? new Set<string>()),
    })),
  }));
  const names = [
    ...app.deployed.map(({ name }) => name),
    ...app.files.flatMap(({ input }) => input.name ?? []),
  ];
  const bindings = new Set(names.map(bindingOf));
  const keys = new Set(knownKeys(app));
  const env = (key: string): Value => {
    if (PLATFORM_KEYS.has(key) || key in Object.prototype) return UNKNOWN;
    if (keys.has(key)) return SOME_STRING;
    return areKeysKnown(app) ? UNDEFINED : UNKNOWN;
  };
  return simulate(sources, {
    isGlobal: isRuntimeGlobal,
    isBinding: (key) => bindings.has(key),
    env,
    hasModule: (name) => exportsOf(name) !== undefined,
  });
}
