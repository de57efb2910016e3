import { join, relative, resolve, sep } from 'node:path';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import type { AccessMode } from '../../core/model/app.ts';
import { MANIFEST_PATH, type Manifest } from '../../core/model/manifest.ts';
import { manifestError, parseManifest } from '../../core/model/manifestFile.ts';
import { findManifest, rootOf } from './findManifest.ts';
import { readText } from './readText.ts';

/** A folder with its manifest, or without one. */
export interface Project {
  /** The folder that the manifest's paths start from; the current one when there is no manifest. */
  readonly root: string;
  readonly manifest: Manifest | undefined;
}

/** A class of the manifest with its file. */
export interface LocalClass {
  readonly name: string;
  readonly accessMode: AccessMode;
  /** Absolute path. */
  readonly file: string;
  /** The path from the current folder, with `/`. */
  readonly shown: string;
  /** What is in the file, or why it cannot be read. */
  readonly read: Awaited<ReturnType<typeof readText>>;
}

/**
 * The project that the current folder is in.
 * @param given the manifest that was named
 * @throws DoError `BAD_CONFIG` when the manifest cannot be read
 */
export async function findProject(cwd: string, given: string | undefined): Promise<Project> {
  const file = given === undefined ? await findManifest(cwd) : resolve(cwd, given);
  if (file === undefined) return { root: cwd, manifest: undefined };
  const read = await readText(file);
  if (!read.ok) {
    throw new DoError({
      code: ERROR_CODES.badConfig,
      message: `The manifest ${file} cannot be used: ${read.problem}`,
      nextStep: 'Name another one with --manifest.',
    });
  }
  const parsed = parseManifest(read.text);
  if (!parsed.ok) throw manifestError(parsed.problem);
  return { root: rootOf(file), manifest: parsed.manifest };
}

/** The classes of the manifest, in its order. @throws DoError `BAD_CONFIG` when there is no manifest */
export async function localClasses(project: Project, cwd: string): Promise<LocalClass[]> {
  const { manifest, root } = project;
  if (manifest === undefined) {
    throw new DoError({
      code: ERROR_CODES.badConfig,
      message: `There is no ${MANIFEST_PATH} in this folder or one above it.`,
      nextStep: `Write one, such as {"classes":{"chat-room":{"source":"durable-objects/chat-room.ts","accessMode":"authenticated"}}}, or name it with --manifest.`,
    });
  }
  return Promise.all(
    Object.entries(manifest.classes).map(async ([name, { source, accessMode }]) => {
      const file = join(root, source);
      return { name, accessMode, file, shown: shownPath(file, cwd), read: await readText(file) };
    }),
  );
}

/** From the current folder, with `/`; the whole path of what lies elsewhere. */
export function shownPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return (path.startsWith('..') ? file : path).split(sep).join('/');
}
