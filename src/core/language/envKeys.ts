import { bindingOf } from '../model/names.ts';
import { PLATFORM_KEYS } from '../rules/platformKeys.ts';

/** Where a key of a class's `env` comes from. */
export type EnvOrigin =
  /** Set on the app for its Durable Objects. */
  | { readonly kind: 'set' }
  /** Set for the whole app: its Durable Objects have it as well. */
  | { readonly kind: 'app' }
  /** Given to every class by the platform. */
  | { readonly kind: 'platform' }
  /** The namespace of a class. */
  | { readonly kind: 'binding'; readonly name: string };

/** Keys by which the platform makes its own calls: there, and not to be used. */
export const INTERNAL_KEYS: ReadonlySet<string> = new Set([
  'BUTTERBASE_INTERNAL_FN_KEY',
  'DO_INVOKER_URL',
  'DO_INVOKER_TOKEN',
  'DO_DISPATCH',
]);

/**
 * Every key that is there, by name. The platform's win over those that are set, and those of the Durable Objects
 * over those of the whole app.
 * @param set keys of the app's Durable Objects
 * @param ofApp keys of the whole app
 * @param names DO names of the app's classes
 */
export function envOrigins(
  set: readonly string[],
  ofApp: readonly string[],
  names: readonly string[],
): ReadonlyMap<string, EnvOrigin> {
  return new Map<string, EnvOrigin>([
    ...ofApp.map((key) => [key, { kind: 'app' }] as const),
    ...set.map((key) => [key, { kind: 'set' }] as const),
    ...names.map((name) => [bindingOf(name), { kind: 'binding', name }] as const),
    ...[...PLATFORM_KEYS].map((key) => [key, { kind: 'platform' }] as const),
  ]);
}

/** The keys that declarations of the environment (`interface Env`) name already. */
export function declaredKeys(declarations: string): ReadonlySet<string> {
  const body = /\binterface\s+Env\b[^{]*\{([^}]*)\}/.exec(declarations)?.[1] ?? '';
  return new Set([...body.matchAll(/(?:^|[\s;,])([A-Za-z_$][\w$]*)\s*\??\s*:/g)].map(([, key]) => key ?? ''));
}
