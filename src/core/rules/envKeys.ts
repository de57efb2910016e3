import type { AppContext } from './subject.ts';

type EnvOfApp = Pick<AppContext, 'envKeys' | 'appEnvKeys'>;

/** The keys that are known to be set: for the Durable Objects, and for the whole app below those. */
export function knownKeys({ envKeys = [], appEnvKeys = [] }: EnvOfApp): readonly string[] {
  return [...envKeys, ...appEnvKeys];
}

/** Whether every key that is set is known, so that another one is not. */
export function areKeysKnown({ envKeys, appEnvKeys }: EnvOfApp): boolean {
  return envKeys !== undefined && appEnvKeys !== undefined;
}
