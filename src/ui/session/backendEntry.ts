/**
 * Everything of the layers below that is too heavy for start-up (undici, zod). Built as a chunk of its own,
 * which `backend.ts` loads when the platform is asked for the first time.
 */
export { AppOperations } from '../../operations/appOperations.ts';
export { History } from '../../operations/history/history.ts';
export { operationTools } from '../../operations/operationTools.ts';
export { readCliConfig } from '../../platform/cliConfig.ts';
export { PlatformClient } from '../../platform/client.ts';
export { ownKey, revokeKey } from '../../platform/oauthKeys.ts';
export { listenOnLoopback, redirectAnswer } from '../../platform/oauthLoopback.ts';
export { randomToken } from '../../platform/oauthPkce.ts';
export { signInByBrowser } from '../../platform/oauthSignIn.ts';
export { userState } from '../../platform/userState.ts';
