import { OVERWRITTEN_ENV_KEYS, PLATFORM_ENV_KEYS } from '../model/names.ts';

/** Names in `env` that the platform takes: the variables it gives every class, and its dispatch binding. */
export const PLATFORM_KEYS: ReadonlySet<string> = new Set([...PLATFORM_ENV_KEYS, ...OVERWRITTEN_ENV_KEYS]);
