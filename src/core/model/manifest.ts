import type { AccessMode } from './app.ts';

/** Path of the manifest, relative to the folder that paths in it start from. */
export const MANIFEST_PATH = '.butterbase/durable-objects.json';

export interface ManifestClass {
  /** Path of the TypeScript file, with `/`, from the folder that holds `.butterbase`. */
  readonly source: string;
  readonly accessMode: AccessMode;
}

/** The DO classes of one app in this folder, by DO name. */
export interface Manifest {
  readonly classes: Readonly<Record<string, ManifestClass>>;
}
