import type * as Auth from './authEntry.ts';

let loading: Promise<typeof Auth> | undefined;

/** Signing in and out, loaded when somebody does so. */
export function auth(): Promise<typeof Auth> {
  // The build makes this import a chunk of its own, dist/auth.js: what waits for a browser is there once.
  loading ??= import('./authEntry.ts');
  return loading;
}
