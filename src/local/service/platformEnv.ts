import { DeployError } from './deployError.ts';
import type { AppRow } from '../store/appTable.ts';

export interface PlatformEnvInput {
  readonly app: AppRow;
  /** The app's own variables. */
  readonly own: Readonly<Record<string, string>>;
  /** URL of the embedded platform, without a slash at its end. */
  readonly apiUrl: string;
  readonly invokerToken: string;
}

/**
 * The environment of an app's classes: its own variables, over them those of the platform. A key that equals
 * a class binding is checked apart, see `refuseCollisions`.
 */
export function platformEnv({ app, own, apiUrl, invokerToken }: PlatformEnvInput): Record<string, string> {
  return {
    ...own,
    BUTTERBASE_APP_ID: app.id,
    BUTTERBASE_API_URL: apiUrl,
    BUTTERBASE_APP_NAME: app.name,
    BUTTERBASE_REGION: app.region,
    BUTTERBASE_ANON_KEY: app.anonKey,
    BUTTERBASE_SUBDOMAIN: app.subdomain,
    BUTTERBASE_INTERNAL_FN_KEY: app.functionKey,
    DO_INVOKER_URL: apiUrl,
    DO_INVOKER_TOKEN: invokerToken,
  };
}

/** @throws DeployError `ENV_BINDING_COLLISION` for the first key that is also the binding of a class */
export function refuseCollisions(env: Readonly<Record<string, string>>, bindings: readonly string[]): void {
  const key = Object.keys(env).find((name) => bindings.includes(name));
  if (key === undefined) return;
  throw new DeployError(
    'ENV_BINDING_COLLISION',
    `DO env var key '${key}' collides with a DO namespace binding. Rename the env var or the conflicting class.`,
  );
}
