import { DoError } from '../../core/errors.ts';

/** There is no API key for the platform. */
export const NOT_SIGNED_IN = 'NOT_SIGNED_IN';

/** The key that there is belongs to another platform than the one that was named. */
export const UNTRUSTED_ENDPOINT = 'UNTRUSTED_ENDPOINT';

export function notSignedIn(origin: string): DoError {
  return new DoError({
    code: NOT_SIGNED_IN,
    message: `There is no API key for ${origin}.`,
    nextStep: 'Set BUTTERBASE_API_KEY, or sign in with `butterbase login`.',
  });
}

/**
 * @param key where the key comes from: `BUTTERBASE_API_KEY`
 * @param keyOrigin the platform that it belongs to
 * @param named what names the other one
 */
export function untrustedEndpoint(key: string, keyOrigin: string, origin: string, named: string): DoError {
  return new DoError({
    code: UNTRUSTED_ENDPOINT,
    message: `The key of ${key} belongs to ${keyOrigin}, but ${named} names ${origin}. It was not sent there.`,
    nextStep: `If ${origin} is to be trusted with it, set both BUTTERBASE_ENDPOINT and BUTTERBASE_API_KEY, or add --trust-endpoint.`,
  });
}
