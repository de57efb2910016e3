/** One sign-in of a person to one platform. The token is a key of that platform and goes nowhere else. */
export interface Account {
  readonly id: string;
  /** Address of the platform, as `normaliseOrigin` makes it. */
  readonly origin: string;
  readonly token: string;
  /** For people; without the token. */
  readonly label: string;
  /** `browser`: the key was made for this sign-in and ends with it. `pasted`: it is the person's own. */
  readonly made: 'browser' | 'pasted';
  /** The platform's id of the key; null when it did not tell. */
  readonly keyId: string | null;
  /** When the person signed in, ISO. */
  readonly at: string;
}

/** What was kept, without what is no account: written by another version, or damaged. */
export function readAccounts(text: string | undefined): readonly Account[] {
  if (text === undefined) return [];
  try {
    const value = JSON.parse(text) as unknown;
    return Array.isArray(value) ? value.filter(isAccount) : [];
  } catch {
    return [];
  }
}

/** `Laptop (bb_sk_391dae…) · api.butterbase.ai`: the key's name and beginning as the platform lists them, and where. */
export function accountLabel(keyName: string | undefined, token: string, origin: string): string {
  const shown = `${token.slice(0, SHOWN_LENGTH)}…`;
  const name = keyName?.replace(/^OAuth: /, '').trim();
  const who = name === undefined || name === '' ? shown : `${name} (${shown})`;
  return `${who} · ${origin.replace(/^https?:\/\//, '')}`;
}

/** Characters of a key that the platform shows too: `bb_sk_` and six digits. */
const SHOWN_LENGTH = 12;

function isAccount(value: unknown): value is Account {
  if (typeof value !== 'object' || value === null) return false;
  const { id, origin, token, label, made, keyId, at } = value as Record<keyof Account, unknown>;
  const texts = [id, origin, token, label, at].every((each) => typeof each === 'string' && each !== '');
  return texts && (made === 'browser' || made === 'pasted') && (keyId === null || typeof keyId === 'string');
}
