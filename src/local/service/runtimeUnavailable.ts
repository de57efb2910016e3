import { DoError, ERROR_CODES } from '../../core/errors.ts';
import type { StartFault } from '../runtime/startFault.ts';

/** Cloudflare would not have refused this: whoever asked finds everything as it was. */
export function runtimeUnavailable({ message, nextStep }: StartFault): DoError {
  return new DoError({
    code: ERROR_CODES.localPlatform,
    status: 503,
    message: `${message} Nothing was changed.`,
    nextStep,
  });
}
