import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MANIFEST_PATH, type Manifest } from '../core/model/manifest.ts';
import { manifestError, parseManifest } from '../core/model/manifestFile.ts';
import { toDoName } from '../core/model/names.ts';
import type { LintInput } from '../core/rules/subject.ts';
import { findManifest, isFile, rootOf } from './project/findManifest.ts';
import { problemOf, readText as readTextFile } from './project/readText.ts';

/** Files that share a manifest, or a folder when there is none: to the rules they are one app. */
export interface LintApp {
  readonly inputs: readonly LintInput[];
  /** As named on the command line, by the inputs' uri; the others are there as context only. */
  readonly named: ReadonlyMap<string, string>;
}

export interface LintFiles {
  readonly apps: readonly LintApp[];
  /** What could not be read and why, as lines for stderr. */
  readonly problems: readonly string[];
}

/** The files that paths of a command line stand for, with what the manifest says of them. */
export async function readLintFiles(
  paths: readonly string[],
  manifestPath: string | undefined,
): Promise<LintFiles> {
  const problems: string[] = [];
  const manifests = new Manifests(problems);
  const given = manifestPath === undefined ? undefined : await manifests.read(resolve(manifestPath));
  const apps = new Map<string, Gathered>();
  for (const path of await expand(paths, manifests, problems)) {
    const file = resolve(path);
    const text = await readText(file, path, problems);
    if (text === undefined) continue;
    const found = given ?? (manifestPath === undefined ? await manifests.above(dirname(file)) : undefined);
    const key = found?.root ?? dirname(file);
    const app = apps.get(key) ?? { found, inputs: new Map(), named: new Map() };
    apps.set(key, app);
    const input = inputOf(file, text, found);
    app.inputs.set(file, input);
    app.named.set(input.uri, path.split(sep).join('/'));
  }
  for (const app of apps.values()) await addContext(app);
  return {
    problems,
    apps: [...apps.values()].map(({ inputs, named }) => ({ inputs: [...inputs.values()], named })),
  };
}

interface Found {
  /** The folder that the manifest's paths start from. */
  readonly root: string;
  readonly manifest: Manifest;
}

interface Gathered {
  readonly found: Found | undefined;
  readonly inputs: Map<string, LintInput>;
  readonly named: Map<string, string>;
}

/** Manifests are read once. */
class Manifests {
  readonly #problems: string[];
  readonly #read = new Map<string, Promise<Found | undefined>>();

  constructor(problems: string[]) {
    this.#problems = problems;
  }

  read(file: string): Promise<Found | undefined> {
    const known = this.#read.get(file) ?? this.#load(file);
    this.#read.set(file, known);
    return known;
  }

  /** That of the folder or of the nearest one above it that has one. */
  async above(folder: string): Promise<Found | undefined> {
    const file = await findManifest(folder);
    return file === undefined ? undefined : this.read(file);
  }

  /** The files that the folder's own manifest names and that are there, as paths that begin with the folder's. */
  async sourcesOf(folder: string): Promise<string[]> {
    const file = join(resolve(folder), ...MANIFEST_PATH.split('/'));
    const found = (await isFile(file)) ? await this.read(file) : undefined;
    const sources = Object.values(found?.manifest.classes ?? {}).map(({ source }) => join(folder, source));
    const present = await Promise.all(sources.map(isFile));
    return sources.filter((_, index) => present[index] === true);
  }

  async #load(file: string): Promise<Found | undefined> {
    const text = await readText(file, file, this.#problems);
    if (text === undefined) return undefined;
    const parsed = parseManifest(text);
    if (parsed.ok) return { root: rootOf(file), manifest: parsed.manifest };
    this.#problems.push(`${file}: ${manifestError(parsed.problem).message}`);
    return undefined;
  }
}

function inputOf(file: string, text: string, found: Found | undefined): LintInput {
  const source = found && relative(found.root, file).split(sep).join('/');
  const entry = Object.entries(found?.manifest.classes ?? {}).find(([, each]) => each.source === source);
  return {
    uri: pathToFileURL(file).href,
    name: entry?.[0] ?? toDoName(basename(file)),
    accessMode: entry?.[1].accessMode,
    text,
  };
}

/** The app's other classes: a name can collide with one of them. One that cannot be read is no context. */
async function addContext({ found, inputs }: Gathered): Promise<void> {
  for (const { source } of Object.values(found?.manifest.classes ?? {})) {
    const file = resolve(found?.root ?? '', source);
    if (inputs.has(file)) continue;
    const text = await readText(file, source, []);
    if (text !== undefined) inputs.set(file, inputOf(file, text, found));
  }
}

/** Files as they are; of a folder the sources in it, and those that its own manifest names. */
async function expand(paths: readonly string[], manifests: Manifests, problems: string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    try {
      if (!(await stat(path)).isDirectory()) {
        files.push(path);
        continue;
      }
      const found = [...(await manifests.sourcesOf(path)), ...(await sourcesIn(path))];
      if (found.length === 0) problems.push(`${path}: there is no TypeScript file in this folder.`);
      files.push(...found);
    } catch (error) {
      problems.push(`${path}: ${problemOf(error)}`);
    }
  }
  return [...new Map(files.map((file) => [resolve(file), file])).values()];
}

/** Those in folders named `durable-objects`; without such a folder, those right in it. */
async function sourcesIn(folder: string): Promise<string[]> {
  const sources = await sourcesBelow(folder);
  const inside = sources.filter((file) => basename(dirname(resolve(file))) === 'durable-objects');
  const direct = sources.filter((file) => resolve(dirname(file)) === resolve(folder));
  return (inside.length > 0 ? inside : direct).sort();
}

async function sourcesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return isIgnored(entry.name) ? [] : sourcesBelow(path);
    return entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}

function isIgnored(folder: string): boolean {
  return folder === 'node_modules' || folder.startsWith('.');
}

async function readText(file: string, shown: string, problems: string[]): Promise<string | undefined> {
  const read = await readTextFile(file);
  if (read.ok) return read.text;
  problems.push(`${shown}: ${read.problem}`);
  return undefined;
}
