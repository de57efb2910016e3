import { HOSTED_ORIGIN, normaliseOrigin } from '../../platform/origin.ts';
import type { CliConfig } from '../../platform/cliConfig.ts';
import { untrustedEndpoint } from './connectErrors.ts';

/** What the command line says about the platform and the app. */
export interface ConnectOptions {
  readonly app: string | undefined;
  readonly endpoint: string | undefined;
  readonly trustEndpoint: boolean;
  readonly local: boolean;
  readonly state: string | undefined;
}

export interface SettingSources {
  readonly options: ConnectOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file in the home folder by itself. */
  readonly home: CliConfig | undefined;
  /** Both files, the folder's over the home's. */
  readonly merged: CliConfig | undefined;
}

export interface Settings {
  /** Normalised. */
  readonly origin: string;
  readonly apiKey: string | undefined;
  /** Id or name. */
  readonly app: string | undefined;
}

/**
 * Which platform, key and app are meant: an option wins over the environment, the environment over
 * `.butterbase/config.json`. A key belongs to the platform that its own place names; one of the environment
 * belongs to the platform of the environment or of the command line. It goes nowhere else without `--trust-endpoint`:
 * a folder that somebody else made must not have it sent to an address of its choice.
 *
 * @throws DoError `UNTRUSTED_ENDPOINT`, or `INVALID_INPUT` for an endpoint that is no address
 */
export function resolveSettings({ options, env, home, merged }: SettingSources): Settings {
  const named = namedEndpoint(options, env, merged);
  const origin = normaliseOrigin(named.endpoint);
  const key = keyOf(options, env, home, merged);
  if (key !== undefined && key.origin !== origin && !options.trustEndpoint) {
    throw untrustedEndpoint(key.from, key.origin, origin, named.by);
  }
  return {
    origin,
    apiKey: key?.value,
    app: options.app ?? set(env['BUTTERBASE_APP_ID']) ?? currentApp(origin, home, merged),
  };
}

interface Named {
  readonly endpoint: string;
  /** For a message. */
  readonly by: string;
}

function namedEndpoint(
  options: ConnectOptions,
  env: SettingSources['env'],
  merged: CliConfig | undefined,
): Named {
  if (options.endpoint !== undefined) return { endpoint: options.endpoint, by: '--endpoint' };
  const ofEnv = set(env['BUTTERBASE_ENDPOINT']);
  if (ofEnv !== undefined) return { endpoint: ofEnv, by: 'BUTTERBASE_ENDPOINT' };
  const source = merged?.endpointSource === 'folder' ? 'of this folder' : 'of the home folder';
  return { endpoint: merged?.endpoint ?? HOSTED_ORIGIN, by: `.butterbase/config.json ${source}` };
}

interface Key {
  readonly value: string;
  readonly from: string;
  /** The platform that it belongs to. */
  readonly origin: string;
}

function keyOf(
  options: ConnectOptions,
  env: SettingSources['env'],
  home: CliConfig | undefined,
  merged: CliConfig | undefined,
): Key | undefined {
  const homeOrigin = home?.endpoint ?? HOSTED_ORIGIN;
  const ofEnv = set(env['BUTTERBASE_API_KEY']);
  if (ofEnv !== undefined) {
    // Who sets the key for a command and names a platform with it means that one.
    const named = options.endpoint ?? set(env['BUTTERBASE_ENDPOINT']);
    return {
      value: ofEnv,
      from: 'BUTTERBASE_API_KEY',
      origin: named === undefined ? homeOrigin : normaliseOrigin(named),
    };
  }
  if (merged?.apiKey === undefined) return undefined;
  return merged.apiKeySource === 'home'
    ? { value: merged.apiKey, from: '.butterbase/config.json of the home folder', origin: homeOrigin }
    : { value: merged.apiKey, from: '.butterbase/config.json of this folder', origin: merged.endpoint };
}

/** The app of a config file, unless it is one of another platform. */
function currentApp(
  origin: string,
  home: CliConfig | undefined,
  merged: CliConfig | undefined,
): string | undefined {
  const owner = merged?.currentAppSource === 'home' ? home : merged;
  return owner?.endpoint === origin ? owner.currentApp : undefined;
}

/** A variable that is empty counts as not set, as CI does with secrets that are not there. */
function set(value: string | undefined): string | undefined {
  const text = value?.trim() ?? '';
  return text === '' ? undefined : text;
}
