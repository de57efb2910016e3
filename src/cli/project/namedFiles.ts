import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { isFile } from './findManifest.ts';
import type { Manifests } from './manifests.ts';
import { pathPatterns } from './pathPattern.ts';
import { problemOf } from './readText.ts';

/**
 * The files that paths of a command line stand for, as paths that begin as the given ones do: a file for itself, a
 * pattern for the sources that match it, a folder for the sources in it and those that its own manifest names.
 * @param say takes what is wrong with a path, as a line for a person
 */
export async function namedFiles(
  paths: readonly string[],
  manifests: Manifests,
  say: (problem: string) => void,
): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    try {
      files.push(...(await filesOf(path, manifests, say)));
    } catch (error) {
      say(`${path}: ${problemOf(error)}`);
    }
  }
  return files;
}

async function filesOf(
  path: string,
  manifests: Manifests,
  say: (problem: string) => void,
): Promise<string[]> {
  const stats = await stat(path).catch((error: unknown) => {
    // A file may have such a name, too.
    if (pathPatterns(path).length > 0) return undefined;
    throw error;
  });
  if (stats?.isDirectory() === false) return [path];
  const found = stats === undefined ? await matching(path) : await inFolder(path, manifests, say);
  if (found.length === 0) {
    const what =
      stats === undefined ? 'no TypeScript file matches' : 'there is no TypeScript file in this folder';
    say(`${path}: ${what}.`);
  }
  return found;
}

/** A shell that does not know patterns, or a quoted pattern, gives it as it is. */
async function matching(path: string): Promise<string[]> {
  const found = pathPatterns(path.split(sep).join('/')).map(async ({ folder, matches }) => {
    const sources = await sourcesBelow(folder).catch(() => []);
    return sources.filter((file) => matches(within(file, folder))).sort();
  });
  return (await Promise.all(found)).flat();
}

function within(file: string, folder: string): string {
  const path = file.split(sep).join('/');
  const start = join(folder, sep).split(sep).join('/');
  return folder === '.' ? path : path.slice(start.length);
}

async function inFolder(
  folder: string,
  manifests: Manifests,
  say: (problem: string) => void,
): Promise<string[]> {
  const manifest = await manifests.in(folder);
  const named = await Promise.all(
    (manifest?.classes ?? []).map(async ({ name, source, file }) => {
      if (await isFile(file)) return [join(folder, source)];
      say(missingSource(join(folder, source), name));
      return [];
    }),
  );
  return [...named.flat(), ...(await sourcesIn(folder))];
}

/** What is wrong with a class of the manifest whose file is not there. */
export function missingSource(shown: string, name: string): string {
  return `${shown}: there is no such file, but the manifest names it for the class ${name}.`;
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
    const isSource = entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts');
    // A link to a folder may lead back to where it lies.
    return isSource && (entry.isFile() || (await isFile(path))) ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}

function isIgnored(folder: string): boolean {
  return folder === 'node_modules' || folder.startsWith('.');
}
