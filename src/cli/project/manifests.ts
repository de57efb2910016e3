import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AccessMode } from '../../core/model/app.ts';
import { MANIFEST_PATH } from '../../core/model/manifest.ts';
import { manifestError, parseManifest } from '../../core/model/manifestFile.ts';
import { findManifest, isFile, rootOf } from './findManifest.ts';
import { readText } from './readText.ts';

/** A manifest that was read, with the files that it names. */
export interface FoundManifest {
  readonly file: string;
  readonly classes: readonly ManifestSource[];
}

export interface ManifestSource {
  readonly name: string;
  readonly accessMode: AccessMode;
  /** As the manifest has it. */
  readonly source: string;
  /** Absolute path. */
  readonly file: string;
  /** Where the file really lies; `file` when it is not there. */
  readonly real: string;
}

/** Reads each manifest once; what is wrong with one is said once. */
export class Manifests {
  readonly #say: (problem: string) => void;
  readonly #read = new Map<string, Promise<FoundManifest | undefined>>();

  /** @param say takes what is wrong, as a line for a person */
  constructor(say: (problem: string) => void) {
    this.#say = say;
  }

  /** Undefined when it cannot be used. */
  read(file: string): Promise<FoundManifest | undefined> {
    const known = this.#read.get(file) ?? this.#load(file);
    this.#read.set(file, known);
    return known;
  }

  /** That of the folder or of the nearest one above it that has one. */
  async above(folder: string): Promise<FoundManifest | undefined> {
    const file = await findManifest(folder);
    return file === undefined ? undefined : this.read(file);
  }

  /** The folder's own. */
  async in(folder: string): Promise<FoundManifest | undefined> {
    const file = join(resolve(folder), ...MANIFEST_PATH.split('/'));
    return (await isFile(file)) ? this.read(file) : undefined;
  }

  async #load(file: string): Promise<FoundManifest | undefined> {
    const read = await readText(file);
    if (!read.ok) {
      this.#say(`${file}: ${read.problem}`);
      return undefined;
    }
    const parsed = parseManifest(read.text);
    if (!parsed.ok) {
      this.#say(`${file}: ${manifestError(parsed.problem).message}`);
      return undefined;
    }
    const entries = Object.entries(parsed.manifest.classes).map(async ([name, { source, accessMode }]) => {
      const path = resolve(rootOf(file), source);
      return { name, accessMode, source, file: path, real: await realPath(path) };
    });
    return { file, classes: await Promise.all(entries) };
  }
}

/** Where a file really lies; the path itself when it is not there. */
export async function realPath(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}
