/**
 * Names of Durable Object classes, their bindings and environment keys, as the platform derives
 * and checks them.
 */

/** A DO name: lower-case kebab-case, as the platform's bundler checks it (INVALID_NAME). */
const DO_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** An env key, as the platform's `PUT …/env/:key` checks it. */
const ENV_KEY = /^[A-Z_][A-Z0-9_]*$/;

/** Longest DO name or env key (UTF-16 units) that the platform's router accepts as a path segment. */
export const MAX_PATH_NAME_LENGTH = 100;

/** Most classes in one app. */
export const MAX_CLASSES_PER_APP = 5;

/** Longest env value in UTF-16 units. */
export const MAX_ENV_VALUE_LENGTH = 8 * 1024;

/** Largest register request in bytes: the JSON body with the source in it. */
export const MAX_REGISTER_BODY_BYTES = 1_048_576;

/** Largest generated module in UTF-8 bytes. */
export const MAX_BUNDLE_BYTES = 10 * 1024 * 1024;

/** Names that the platform injects over an app's own env keys, so that a key of that name is lost. */
export const OVERWRITTEN_ENV_KEYS: readonly string[] = ['DO_INVOKER_URL', 'DO_INVOKER_TOKEN', 'DO_DISPATCH'];

/** Variables that the platform gives every class; a class whose binding has such a name cannot be deployed. */
export const PLATFORM_ENV_KEYS: readonly string[] = [
  'BUTTERBASE_APP_ID',
  'BUTTERBASE_API_URL',
  'BUTTERBASE_APP_NAME',
  'BUTTERBASE_REGION',
  'BUTTERBASE_ANON_KEY',
  'BUTTERBASE_SUBDOMAIN',
  'BUTTERBASE_FRONTEND_URL',
  'BUTTERBASE_STRIPE_ACCOUNT_ID',
  'BUTTERBASE_AI_DEFAULT_MODEL',
  'BUTTERBASE_INTERNAL_FN_KEY',
  'DO_INVOKER_URL',
  'DO_INVOKER_TOKEN',
];

export function isDoName(name: string): boolean {
  return DO_NAME.test(name);
}

/** The namespace binding of a DO name in `env`: `chat-room` -> `CHAT_ROOM`. */
export function bindingOf(doName: string): string {
  return doName.toUpperCase().replaceAll('-', '_');
}

export type EnvKeyProblem = 'empty' | 'shape' | 'reserved' | 'tooLong';

/** Why the platform would refuse `key`, or undefined when it accepts it. Collisions with bindings are checked apart. */
export function envKeyProblem(key: string): EnvKeyProblem | undefined {
  if (key === '') return 'empty';
  if (/^butterbase_/i.test(key)) return 'reserved';
  if (!ENV_KEY.test(key)) return 'shape';
  if (key.length > MAX_PATH_NAME_LENGTH) return 'tooLong';
  return undefined;
}

/** A DO name made from a file or class name: `ChatRoom.ts` -> `chat-room`. Empty when nothing usable is left. */
export function toDoName(text: string): string {
  return text
    .replace(/\.[cm]?tsx?$/i, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
}

/** A class name made from a DO name: `chat-room` -> `ChatRoom`. */
export function toClassName(doName: string): string {
  return doName
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}
