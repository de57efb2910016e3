import * as z from 'zod';
import { DoError, ERROR_CODES } from '../core/errors.ts';
import { answerError, notJson, type AnswerContext } from './answerErrors.ts';
import { checkedKey } from './apiKey.ts';
import type { PlatformConnection } from './client.ts';
import { Courier } from './courier.ts';
import { normaliseOrigin } from './origin.ts';
import { proxyFor, shownProxy, type ProxySettings } from './proxy.ts';

/** What the platform knows of a key. */
export interface KeyFacts {
  readonly id: string;
  /** As the person or the sign-in named it. */
  readonly name: string;
}

/** Characters of a key that the platform shows: `bb_sk_` and six digits. */
const SHOWN_KEY_LENGTH = 12;

const TIMEOUT_MS = 20_000;

const keyList = z.object({
  keys: z.array(z.object({ id: z.string().min(1), key_prefix: z.string(), name: z.string() })),
});

/**
 * What the platform knows of the key that asks, found by the part of it that the platform shows.
 * Undefined when no key or more than one begins like this.
 * @throws DoError
 */
export async function ownKey(
  address: PlatformConnection,
  signal: AbortSignal,
  proxy?: ProxySettings,
): Promise<KeyFacts | undefined> {
  const json = await ask(address, 'GET', '/api-keys', signal, proxy);
  const list = keyList.safeParse(json);
  if (!list.success) throw unclear(address.origin);
  const shown = address.apiKey.slice(0, SHOWN_KEY_LENGTH);
  const [found, ...more] = list.data.keys.filter((key) => key.key_prefix === shown);
  return found === undefined || more.length > 0 ? undefined : { id: found.id, name: found.name };
}

/**
 * Revokes a key; it counts nowhere any more.
 * @throws DoError, also when there is no such key in force
 */
export async function revokeKey(
  address: PlatformConnection,
  keyId: string,
  signal: AbortSignal,
  proxy?: ProxySettings,
): Promise<void> {
  await ask(address, 'DELETE', `/api-keys/${encodeURIComponent(keyId)}`, signal, proxy);
}

async function ask(
  { origin: at, apiKey: key }: PlatformConnection,
  method: 'GET' | 'DELETE',
  path: string,
  signal: AbortSignal,
  proxySettings: ProxySettings = {},
): Promise<unknown> {
  const [origin, apiKey] = [normaliseOrigin(at), checkedKey(key)];
  const proxy = proxyFor(origin, proxySettings, process.env);
  const courier = new Courier(
    origin,
    {
      authorization: `Bearer ${apiKey}`,
      accept: 'application/json',
      'user-agent': 'butterbase-durable-objects',
    },
    { proxy },
  );
  const changes = method === 'DELETE';
  const context: AnswerContext = { origin, apiKey, proxy: shownProxy(proxy), changes };
  try {
    const answer = await courier.send({
      method,
      path,
      route: `${method} /api-keys`,
      timeoutMs: TIMEOUT_MS,
      signal,
      insist: true,
    });
    if (answer.status !== 200) throw answerError(answer, context);
    try {
      return JSON.parse(answer.text) as unknown;
    } catch (error) {
      throw notJson(answer, context, error);
    }
  } finally {
    await courier.close();
  }
}

function unclear(origin: string): DoError {
  return new DoError({
    code: ERROR_CODES.badResponse,
    message: `${origin} lists its keys in a way that this version does not understand.`,
    nextStep: 'Look at the keys in the dashboard of the platform.',
  });
}
