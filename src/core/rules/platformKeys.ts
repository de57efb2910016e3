import { OVERWRITTEN_ENV_KEYS } from '../model/names.ts';

/** Keys that the platform itself puts into the environment of every class. */
export const PLATFORM_KEYS: ReadonlySet<string> = new Set([
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
  ...OVERWRITTEN_ENV_KEYS,
]);
