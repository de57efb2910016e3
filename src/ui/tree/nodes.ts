import type { DoClass } from '../../core/model/app.ts';
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

export function isEnvKeyNode(value: unknown): value is Extract<AppNode, { kind: 'envKey' }> {
  return isNode(value) && value.kind === 'envKey';
}

function isNode(value: unknown): value is ClassNode | AppNode {
  return typeof value === 'object' && value !== null && 'kind' in value && 'id' in value;
}
