import type { App } from '../../core/model/app.ts';
import { PLATFORM_ENV_KEYS } from '../../core/model/names.ts';

/** Stands for every value of the app's own keys: the platform does not give them away. */
const UNKNOWN_VALUE = 'unknown';

/**
 * An environment for a start for trial: the app's keys and the platform's, with what is known of their values.
 * @param apiUrl base address of the platform
 */
export function placeholderEnv(app: App, apiUrl: string, keys: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const key of keys) values[key] = UNKNOWN_VALUE;
  for (const key of PLATFORM_ENV_KEYS) values[key] = key.endsWith('_URL') ? apiUrl : UNKNOWN_VALUE;
  values['BUTTERBASE_APP_ID'] = app.id;
  values['BUTTERBASE_APP_NAME'] = app.name;
  if (app.region !== undefined) values['BUTTERBASE_REGION'] = app.region;
  if (app.subdomain !== undefined) values['BUTTERBASE_SUBDOMAIN'] = app.subdomain;
  return values;
}
