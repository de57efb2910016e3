import type * as vscode from 'vscode';
import type { CurrentFolder } from '../files/currentFolder.ts';
import type { AppSnapshot, SnapshotMemory } from './appState.ts';

/** Keeps the last snapshot of each folder in the workspace's state: names and times, no sources and no values. */
export function snapshotMemory(memento: vscode.Memento, folder: CurrentFolder): SnapshotMemory {
  const key = (): string => `lastKnown ${folder.key}`;
  return {
    get: () => {
      const kept = memento.get<AppSnapshot>(key());
      // What has no value is not in JSON.
      return kept === undefined ? undefined : { ...kept, usage: kept.usage, stale: undefined };
    },
    set: (snapshot) => void memento.update(key(), snapshot),
  };
}
