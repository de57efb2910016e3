import { parseArgs, type ParseArgsConfig } from 'node:util';
import { toError } from '../core/errors.ts';
import type { ConnectOptions } from './connect/settings.ts';
import { usageError } from './usageError.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Options of every command that works on an app. */
export const APP_OPTIONS = {
  app: { type: 'string' },
  endpoint: { type: 'string' },
  'trust-endpoint': { type: 'boolean', default: false },
  local: { type: 'boolean', default: false },
  state: { type: 'string' },
  manifest: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies Options;

/** The lines of a command's help about `APP_OPTIONS`. */
export const APP_OPTIONS_HELP = `  --app ID|NAME        The app (default: BUTTERBASE_APP_ID, else currentApp of .butterbase/config.json)
  --endpoint URL       The platform (default: BUTTERBASE_ENDPOINT, else that of .butterbase/config.json,
                       else https://api.butterbase.ai)
  --local              The embedded platform that runs on this machine
  --state DIR          Its state folder (default: ~/.butterbase/local)
  --trust-endpoint     Send the key to this platform although it was stored for another one
  --manifest FILE      The manifest (default: the nearest .butterbase/durable-objects.json)
  --json               One JSON document on stdout

The API key comes from BUTTERBASE_API_KEY, else from .butterbase/config.json of the folder or of the home folder.
`;

export interface AppArguments {
  readonly json: boolean;
  readonly manifest: string | undefined;
  readonly connect: ConnectOptions;
}

/**
 * The arguments of a command.
 * @throws DoError `USAGE`
 */
export function readArguments<const T extends Options>(
  command: string,
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>> {
  try {
    return parseArgs<{ args: string[]; options: T; allowPositionals: true }>({
      args: [...args],
      options,
      allowPositionals: true,
    });
  } catch (error) {
    throw usageError(firstSentence(toError(error).message), command);
  }
}

/** What the values of `APP_OPTIONS` mean. */
export function appArguments(
  values: {
    readonly app?: string | undefined;
    readonly endpoint?: string | undefined;
    readonly 'trust-endpoint': boolean;
    readonly local: boolean;
    readonly state?: string | undefined;
    readonly manifest?: string | undefined;
    readonly json: boolean;
  },
  command: string,
): AppArguments {
  for (const name of ['app', 'endpoint', 'state', 'manifest'] as const) {
    // An empty variable in a script must not stand for the default.
    if (values[name] === '') throw usageError(`--${name} takes a value that is not empty.`, command);
  }
  if (values.local && values.endpoint !== undefined) {
    throw usageError('--local and --endpoint name two platforms; give one of them.', command);
  }
  if (values.state !== undefined && !values.local) {
    throw usageError(
      '--state says which embedded platform is meant; give it together with --local.',
      command,
    );
  }
  return {
    json: values.json,
    manifest: values.manifest,
    connect: {
      app: values.app,
      endpoint: values.endpoint,
      trustEndpoint: values['trust-endpoint'],
      local: values.local,
      state: values.state,
    },
  };
}

/** Node adds advice for authors of command lines. */
function firstSentence(message: string): string {
  const sentence = /^(.*?[^.])\. /s.exec(message)?.[1] ?? message.replace(/\.$/, '');
  return `${sentence}.`;
}
