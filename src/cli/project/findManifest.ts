import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MANIFEST_PATH } from '../../core/model/manifest.ts';

/** The manifest of the folder or of the nearest one above it that has one. */
export async function findManifest(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, ...MANIFEST_PATH.split('/'));
    if (await isFile(file)) return file;
    if (at === dirname(at)) return undefined;
  }
}

/** Paths in a manifest start from the folder that holds `.butterbase`; in one that lies elsewhere, from its own. */
export function rootOf(manifest: string): string {
  const folder = dirname(manifest);
  return basename(folder) === '.butterbase' ? dirname(folder) : folder;
}

export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
