import { basename, dirname, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MANIFEST_PATH } from '../core/model/manifest.ts';
import { toDoName } from '../core/model/names.ts';
import type { LintInput } from '../core/rules/subject.ts';
import { isFile } from './project/findManifest.ts';
import { Manifests, realPath, type FoundManifest } from './project/manifests.ts';
import { missingSource, namedFiles } from './project/namedFiles.ts';
import { shownPath } from './project/project.ts';
import { readText } from './project/readText.ts';
import { usageError } from './usageError.ts';

/** Files that share a manifest, or a folder when there is none: to the rules they are one app. */
export interface LintApp {
  readonly inputs: readonly LintInput[];
  /** Those that were named, by the inputs' uri; the others are there as context only. */
  readonly named: ReadonlyMap<string, NamedFile>;
}

export interface NamedFile {
  /** As on the command line, with `/` between its parts. */
  readonly shown: string;
  /** Absolute path. */
  readonly path: string;
}

export interface LintFiles {
  readonly apps: readonly LintApp[];
  /** What could not be read and why, as lines for a person. */
  readonly problems: readonly string[];
}

/**
 * The files that paths of a command line stand for, each once, with what the manifest says of them. Without a path,
 * those of the manifest.
 * @param manifestPath the manifest of all files; without it each file has the nearest one above it
 * @throws DoError `USAGE` when there is neither a path nor a manifest with a class
 */
export async function readLintFiles(
  paths: readonly string[],
  manifestPath: string | undefined,
): Promise<LintFiles> {
  const problems: string[] = [];
  const say = (problem: string): void => void problems.push(problem);
  const manifests = new Manifests(say);
  const given = manifestPath === undefined ? undefined : await manifests.read(resolve(manifestPath));
  const files =
    paths.length > 0
      ? await namedFiles(paths, manifests, say)
      : await filesOfManifest(
          manifestPath === undefined ? await manifests.above(resolve()) : given,
          problems,
        );
  const apps = new Map<string, Gathered>();
  const taken = new Set<string>();
  for (const shown of files) {
    const path = resolve(shown);
    const real = await realPath(path);
    if (taken.has(real)) continue;
    taken.add(real);
    const read = await readText(path);
    if (!read.ok) {
      say(`${shown}: ${read.problem}`);
      continue;
    }
    const manifest = manifestPath === undefined ? await manifests.above(dirname(path)) : given;
    const key = manifest?.file ?? dirname(path);
    const app = apps.get(key) ?? { manifest, inputs: new Map(), named: new Map() };
    apps.set(key, app);
    const input = inputOf(path, real, read.text, manifest);
    app.inputs.set(real, input);
    app.named.set(input.uri, { shown: shown.split(sep).join('/'), path });
  }
  for (const app of apps.values()) await addContext(app);
  return {
    problems,
    apps: [...apps.values()].map(({ inputs, named }) => ({ inputs: [...inputs.values()], named })),
  };
}

interface Gathered {
  readonly manifest: FoundManifest | undefined;
  /** By the place where the file really lies. */
  readonly inputs: Map<string, LintInput>;
  readonly named: Map<string, NamedFile>;
}

/** All that the manifest names; nothing when it cannot be read, which is a problem already. */
async function filesOfManifest(manifest: FoundManifest | undefined, problems: string[]): Promise<string[]> {
  if (manifest === undefined && problems.length > 0) return [];
  if (manifest === undefined) {
    throw usageError(
      `Name the files to lint; there is no ${MANIFEST_PATH} in this folder or above it.`,
      'lint',
    );
  }
  if (manifest.classes.length === 0) {
    throw usageError(`Name the files to lint; ${manifest.file} has no class.`, 'lint');
  }
  const files = manifest.classes.map(async ({ name, file }) => {
    const shown = shownPath(file, process.cwd());
    if (await isFile(file)) return [shown];
    problems.push(missingSource(shown, name));
    return [];
  });
  return (await Promise.all(files)).flat();
}

function inputOf(path: string, real: string, text: string, manifest: FoundManifest | undefined): LintInput {
  const entry = manifest?.classes.find((each) => each.file === path || each.real === real);
  return {
    uri: pathToFileURL(path).href,
    name: entry?.name ?? toDoName(basename(path)),
    accessMode: entry?.accessMode,
    text,
  };
}

/** The app's other classes: a name can collide with one of them. One that cannot be read is no context. */
async function addContext({ manifest, inputs }: Gathered): Promise<void> {
  for (const { file, real } of manifest?.classes ?? []) {
    if (inputs.has(real)) continue;
    const read = await readText(file);
    if (read.ok) inputs.set(real, inputOf(file, real, read.text, manifest));
  }
}
