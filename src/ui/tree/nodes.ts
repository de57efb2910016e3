import type { DoClass } from '../../core/model/app.ts';
import type { StuckState } from '../../core/plan/stuck.ts';
import type { HistoryEntry } from '../../operations/history/entry.ts';
import type { DoFile } from '../files/doFiles.ts';

/**
 * An element of the classes view; what its commands get as their first argument. `row` is undefined for a
 * file that was never deployed, `file` for a class without a local file; one of them is there.
 */
export interface ClassNode {
  readonly kind: 'class';
  readonly id: string;
  readonly name: string;
  readonly row: DoClass | undefined;
  readonly file: DoFile | undefined;
}

/** The history of a class, under its element. */
export interface HistoryNode {
  readonly kind: 'history';
  readonly id: string;
  readonly name: string;
}

/** A source that was deployed once; in the classes view and in the view of the Explorer. */
export interface EntryNode {
  readonly kind: 'historyEntry';
  readonly id: string;
  readonly name: string;
  readonly entry: HistoryEntry;
  /** The one before it that had another source. */
  readonly previous: HistoryEntry | undefined;
}

/** The classes of the app that are gone. */
export interface DeletedClassesNode {
  readonly kind: 'deletedClasses';
  readonly id: string;
  readonly classes: readonly DeletedClassNode[];
}

export interface DeletedClassNode {
  readonly kind: 'deletedClass';
  readonly id: string;
  readonly name: string;
  /** The newest that the history has of it. */
  readonly last: HistoryEntry;
}

/** What is wrong with the app and does not mend by itself. */
export interface StuckNode {
  readonly kind: 'stuck';
  readonly id: string;
  readonly state: StuckState;
}

export type ClassesNode =
  ClassNode | HistoryNode | EntryNode | DeletedClassesNode | DeletedClassNode | StuckNode;

/** An element of the app view. */
export type AppNode =
  | { readonly kind: 'connection'; readonly id: string }
  | { readonly kind: 'env'; readonly id: string }
  | { readonly kind: 'envKey'; readonly id: string; readonly key: string }
  | { readonly kind: 'usage'; readonly id: string }
  | { readonly kind: 'local'; readonly id: string };

export function isClassNode(value: unknown): value is ClassNode {
  return isNode(value) && value.kind === 'class';
}

export function isEntryNode(value: unknown): value is EntryNode {
  return isNode(value) && value.kind === 'historyEntry';
}

/** An element with the history of one class under it. */
export function hasHistory(value: unknown): value is HistoryNode | DeletedClassNode {
  return isNode(value) && (value.kind === 'history' || value.kind === 'deletedClass');
}

export function isDeletedClassNode(value: unknown): value is DeletedClassNode {
  return isNode(value) && value.kind === 'deletedClass';
}

export function isStuckNode(value: unknown): value is StuckNode {
  return isNode(value) && value.kind === 'stuck';
}

export function isEnvKeyNode(value: unknown): value is Extract<AppNode, { kind: 'envKey' }> {
  return isNode(value) && value.kind === 'envKey';
}

function isNode(value: unknown): value is ClassesNode | AppNode {
  return typeof value === 'object' && value !== null && 'kind' in value && 'id' in value;
}
