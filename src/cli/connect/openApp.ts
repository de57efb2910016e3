import { devNull } from 'node:os';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import type { App } from '../../core/model/app.ts';
import { hostedInstanceBase, instanceBaseIn, parseDomainPattern } from '../../core/model/instanceBase.ts';
import { AppOperations } from '../../operations/appOperations.ts';
import { operationTools } from '../../operations/operationTools.ts';
import type { AppOperationsParts } from '../../operations/parts.ts';
import type { RecoveredChange } from '../../operations/pending/recover.ts';
import { readCliConfig, type CliConfig } from '../../platform/cliConfig.ts';
import { PlatformClient } from '../../platform/client.ts';
import { HOSTED_ORIGIN, isLoopbackOrigin, sendsKeyInClear } from '../../platform/origin.ts';
import { HOME_VARIABLE, type UserState } from '../../platform/userState.ts';
import { VERSION } from '../../local/version.ts';
import type { Output } from '../output/output.ts';
import { usageError } from '../usageError.ts';
import { notSignedIn } from './connectErrors.ts';
import { findLocal, localInstanceBase } from './localPlatform.ts';
import { resolveSettings, type ConnectOptions } from './settings.ts';
import { homeFolder, stateFolder } from './stateFolder.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Which platform and app a command is about, before anything is asked. */
export interface Target {
  readonly origin: string;
  /** For what is kept: `local`, or the origin. */
  readonly platform: string;
  readonly apiKey: string | undefined;
  /** Id or name. */
  readonly app: string | undefined;
  readonly state: UserState;
  /** Where apps of a platform of one's own live, as `https://*.example.com`. */
  readonly appsDomain: string | undefined;
}

/** An app and all that can be done with it. */
export interface OpenApp {
  readonly app: App;
  readonly target: Target;
  readonly parts: AppOperationsParts;
  readonly operations: AppOperations;
  /** Where its instances live, without `/_do`; undefined when that is not known. */
  readonly instanceBase: string | undefined;
  /** What became of changes that were cut off; it was said, and is told once. */
  readonly recovered: readonly RecoveredChange[];
  /** Waits for changes that are under way. */
  close(): Promise<void>;
}

export interface TargetOptions {
  readonly connect: ConnectOptions;
  /** The folder whose `.butterbase/config.json` counts. */
  readonly folder: string;
  readonly env: Env;
  /** Whether something will be changed. */
  readonly changes: boolean;
}

/** @throws DoError when the configuration cannot be used, or would send a key where it does not belong */
export async function findTarget(output: Output, options: TargetOptions): Promise<Target> {
  const { connect, folder, env, changes } = options;
  const state = await stateFolder(env, output, changes);
  if (connect.local) {
    const local = await findLocal(connect.state);
    output.hide([local.apiKey]);
    return { ...local, platform: 'local', app: connect.app, state, appsDomain: undefined };
  }
  const { home: atHome, merged } = await readConfigs(connect, env, folder);
  for (const key of [env['BUTTERBASE_API_KEY'], merged?.apiKey, atHome?.apiKey]) {
    if (key !== undefined && key !== '') output.hide([key.trim()]);
  }
  const settings = resolveSettings({ options: connect, env, home: atHome, merged });
  return { ...settings, platform: settings.origin, state, appsDomain: appsDomainOf(env) };
}

/** The config files; none when everything is given without them, so that a broken one does not matter. */
async function readConfigs(
  connect: ConnectOptions,
  env: Env,
  folder: string,
): Promise<{ readonly home: CliConfig | undefined; readonly merged: CliConfig | undefined }> {
  const isGiven = (option: string | undefined, variable: string): boolean =>
    option !== undefined || (env[variable] ?? '') !== '';
  if (
    isGiven(undefined, 'BUTTERBASE_API_KEY') &&
    isGiven(connect.endpoint, 'BUTTERBASE_ENDPOINT') &&
    isGiven(connect.app, 'BUTTERBASE_APP_ID')
  ) {
    return { home: undefined, merged: undefined };
  }
  // A user without a home folder has no file in it.
  const home = homeFolder() ?? devNull;
  const [atHome, merged] = await Promise.all([readCliConfig(undefined, home), readCliConfig(folder, home)]);
  return { home: atHome, merged };
}

/**
 * Opens the app: asks the platform which apps the key sees. Says what became of changes that were cut off.
 * @throws DoError `NOT_SIGNED_IN`, `NO_SUCH_APP`, `USAGE` when no app is named, or what the platform answers
 */
export async function openApp(
  output: Output,
  target: Target,
  from: AppOperationsParts['from'],
  signal: AbortSignal,
): Promise<OpenApp> {
  const { origin, platform, apiKey, state } = target;
  if (apiKey === undefined) throw notSignedIn(origin);
  if (sendsKeyInClear(origin)) output.warn(`${origin} is not encrypted: the API key can be read on the way.`);
  const client = new PlatformClient(
    { origin, apiKey },
    { userAgent: `butterbase-durable-objects/${VERSION}` },
  );
  try {
    const apps = await client.listApps({ signal });
    const app = chooseApp(apps, target);
    const parts: AppOperationsParts = {
      client,
      app,
      origin,
      platform,
      ...operationTools({ home: '', env: { [HOME_VARIABLE]: state.root }, holder: 'the command line' }),
      from,
    };
    const instanceBase = await instanceBaseOf({ ...target, apiKey }, app);
    const operations = new AppOperations(parts);
    const recovered = await operations.recover(signal);
    for (const { message, nextStep } of recovered) output.warn(`${message} ${nextStep}`.trim());
    return { app, target, parts, operations, instanceBase, recovered, close: () => client.close() };
  } catch (error) {
    await client.close();
    throw error;
  }
}

function chooseApp(apps: readonly App[], { app: wanted, origin, platform }: Target): App {
  const listed = apps.length === 0 ? 'none' : apps.map(({ id, name }) => `${name} (${id})`).join(', ');
  if (wanted === undefined) {
    const [only, ...others] = apps;
    if (platform === 'local' && only !== undefined && others.length === 0) return only;
    throw usageError(
      `No app is named. There are on ${origin}: ${listed}. Give one with --app, or set BUTTERBASE_APP_ID.`,
    );
  }
  const byId = apps.find(({ id }) => id === wanted);
  if (byId !== undefined) return byId;
  const [byName, another] = apps.filter(({ name }) => name === wanted);
  if (byName !== undefined && another === undefined) return byName;
  throw new DoError({
    code: 'NO_SUCH_APP',
    message:
      byName === undefined
        ? `There is no app ${wanted} on ${origin} for this key. There are: ${listed}.`
        : `More than one app is named ${wanted} on ${origin}.`,
    nextStep: 'Give the id of the app with --app or BUTTERBASE_APP_ID, or use the key of its account.',
  });
}

async function instanceBaseOf(
  { origin, apiKey, appsDomain }: Target & { readonly apiKey: string },
  { id, subdomain }: App,
): Promise<string | undefined> {
  if (appsDomain !== undefined && subdomain !== undefined) return instanceBaseIn(appsDomain, subdomain);
  if (isLoopbackOrigin(origin)) return localInstanceBase({ origin, apiKey }, id);
  return origin === HOSTED_ORIGIN ? hostedInstanceBase(subdomain) : undefined;
}

/** The domain of the apps of a platform of one's own. @throws DoError `INVALID_INPUT` */
function appsDomainOf(env: Env): string | undefined {
  const text = env[APPS_DOMAIN]?.trim() ?? '';
  if (text === '') return undefined;
  const pattern = parseDomainPattern(text);
  if (pattern !== undefined) return pattern;
  throw new DoError({
    code: ERROR_CODES.invalidInput,
    message: `${APPS_DOMAIN} is no domain: ${text}`,
    nextStep: 'Give it as in https://*.apps.example.com, where * stands for the subdomain of an app.',
  });
}

const APPS_DOMAIN = 'BUTTERBASE_APPS_DOMAIN';
