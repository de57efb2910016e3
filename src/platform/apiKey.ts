import { DoError, ERROR_CODES } from '../core/errors.ts';

/** The key as it can stand in a header. @throws DoError `INVALID_INPUT` for one that cannot. */
export function checkedKey(apiKey: string): string {
  const key = apiKey.trim();
  if (/^[\x21-\x7e]{1,4096}$/.test(key)) return key;
  throw new DoError({
    code: ERROR_CODES.invalidInput,
    message: key === '' ? 'The API key is empty.' : 'The API key has characters that no key has.',
    nextStep: 'Copy the key again from the dashboard; it begins with bb_sk_.',
  });
}
