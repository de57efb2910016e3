/** Anything that looks like an API key of the platform (`bb_sk_…`) or of an end user's subscription (`bb_sub_…`). */
const KEY_SHAPE = /\bbb_(sk|sub)_[A-Za-z0-9]{6,}/g;

/** `text` without `secret` and without anything that looks like a key, fit for a message or a log. */
export function redact(text: string, secret: string): string {
  const without = secret.length >= 4 ? text.replaceAll(secret, '…') : text;
  return without.replace(KEY_SHAPE, 'bb_$1_…');
}
