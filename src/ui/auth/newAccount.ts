import { randomUUID } from 'node:crypto';
import type { KeyFacts } from '../../platform/oauthKeys.ts';
import { logError } from '../errors.ts';
import { backend } from '../session/backend.ts';
import type { KeyStore } from '../session/keyStore.ts';
import type { PlatformAddress } from '../session/sessionWorld.ts';
import { settings } from '../settings.ts';
import { accountLabel, type Account } from './account.ts';

/** Keeps a checked key as an account, under the name that the platform has for it, and uses it in this workspace. */
export async function keepAccount(
  keys: KeyStore,
  address: PlatformAddress,
  made: Account['made'],
  signal: AbortSignal,
): Promise<Account> {
  const { origin, apiKey: token } = address;
  const facts = await factsOf(address, signal);
  const kept = await keys.accounts.add({
    id: randomUUID(),
    origin,
    token,
    label: accountLabel(facts?.name, token, origin),
    made,
    keyId: facts?.id ?? null,
    at: new Date().toISOString(),
  });
  await keys.use(kept);
  return kept;
}

/** A sign-in does without: the platform has no other answer to who somebody is. */
async function factsOf(address: PlatformAddress, signal: AbortSignal): Promise<KeyFacts | undefined> {
  try {
    const { ownKey } = await backend();
    return await ownKey(address, signal, settings.proxy());
  } catch (error) {
    logError(error, 'reading the name of the key');
    return undefined;
  }
}
