/** Things that must never reach a message or the log: API keys and bearer tokens of any kind. */
const SECRETS = /\b(bb_[a-z]+_)[A-Za-z0-9]{6,}|(\bBearer\s+)[^\s"',]+/gi;

/** The text with every key and token blanked; their kind stays readable. */
export function redact(text: string): string {
  return text.replace(
    SECRETS,
    (_match, key: string | undefined, bearer: string | undefined) => `${key ?? bearer ?? ''}…`,
  );
}
