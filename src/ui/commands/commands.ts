import type * as Commands from './commandsEntry.ts';

type Handler = (...args: never[]) => unknown;

let loading: Promise<typeof Commands> | undefined;

/** A handler that is made when the command is first run. */
export function lazily(make: (all: typeof Commands) => Handler): (...args: unknown[]) => Promise<unknown> {
  let handler: ((...args: unknown[]) => unknown) | undefined;
  return async (...args) => {
    // The build makes this import a chunk of its own, dist/commands.js.
    loading ??= import('./commandsEntry.ts');
    handler ??= make(await loading) as (...args: unknown[]) => unknown;
    return handler(...args);
  };
}
