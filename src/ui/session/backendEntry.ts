/**
 * Everything of the layers below that is too heavy for start-up (undici, zod). Built as a chunk of its own,
 * which `backend.ts` loads when the platform is asked for the first time.
 */
export { AppOperations } from '../../operations/appOperations.ts';
export { AppQueue } from '../../platform/appQueue.ts';
export { readCliConfig } from '../../platform/cliConfig.ts';
export { PlatformClient } from '../../platform/client.ts';
