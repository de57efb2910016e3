import type * as Backend from './backendEntry.ts';

let loading: Promise<typeof Backend> | undefined;

/** The platform client and the operations, loaded when they are first needed. */
export function backend(): Promise<typeof Backend> {
  // The build makes this import a chunk of its own, dist/backend.js.
  loading ??= import('./backendEntry.ts');
  return loading;
}
