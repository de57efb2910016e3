import type { DoClass } from '../../core/model/app.ts';
import type { DoFile } from '../files/doFiles.ts';
import type { ClassNode } from './nodes.ts';

/**
 * One element per class: what is deployed, with the local file of the same DO name, and files that were
 * never deployed. Ordered by name. The id holds where the class lives, so that the same name on another
 * platform or in another app is another element.
 */
export function classNodes(
  place: string,
  classes: readonly DoClass[],
  files: readonly DoFile[],
): readonly ClassNode[] {
  const rows = new Map(classes.map((row) => [row.name, row]));
  const byName = new Map<string, DoFile>();
  for (const file of files) {
    const known = byName.get(file.name);
    if (known === undefined || (!known.inManifest && file.inManifest)) byName.set(file.name, file);
  }
  const names = [...new Set([...rows.keys(), ...byName.keys()])].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return names.map((name) => ({
    kind: 'class',
    id: `${place}/${name}`,
    name,
    row: rows.get(name),
    file: byName.get(name),
  }));
}
