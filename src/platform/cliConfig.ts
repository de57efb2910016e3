import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { DoError, ERROR_CODES } from '../core/errors.ts';
import { HOSTED_ORIGIN, normaliseOrigin } from './origin.ts';

/** Which of the two files a value came from; `default` when neither has it. */
export type ConfigSource = 'home' | 'folder';

/** What the platform's own command line would use in a folder. */
export interface CliConfig {
  /** Normalised. */
  readonly endpoint: string;
  readonly endpointSource: ConfigSource | 'default';
  readonly apiKey: string | undefined;
  readonly apiKeySource: ConfigSource | undefined;
  readonly currentApp: string | undefined;
  readonly currentAppSource: ConfigSource | undefined;
  /**
   * Whether endpoint and key come from different files. Then a folder that somebody else made would send this
   * person's key to an address of its choice: ask before using the two together.
   */
  readonly keyIsFromElsewhere: boolean;
}

/** Path of the file, from the home directory and from a folder alike. */
export const CLI_CONFIG_PATH = '.butterbase/config.json';

const fileSchema = z.object({
  endpoint: z.string().optional(),
  apiKey: z.string().optional(),
  currentApp: z.string().optional(),
});

/** Bytes: no such file is larger. */
const MAX_FILE_BYTES = 256 * 1024;

/**
 * Reads `~/.butterbase/config.json` and, over it key by key, `.butterbase/config.json` of the folder, as the
 * platform's command line does. Undefined when there is neither. An empty string counts as not set.
 * @throws DoError `BAD_CONFIG` when a file is there and cannot be read as what it should be.
 */
export async function readCliConfig(
  folder: string | undefined,
  home: string,
): Promise<CliConfig | undefined> {
  const homeFile = join(home, CLI_CONFIG_PATH);
  const folderFile = folder === undefined ? undefined : join(folder, CLI_CONFIG_PATH);
  const [atHome, inFolder] = await Promise.all([
    readConfigFile(homeFile),
    folderFile === undefined || folderFile === homeFile ? undefined : readConfigFile(folderFile),
  ]);
  if (atHome === undefined && inFolder === undefined) return undefined;
  const pick = (key: keyof z.infer<typeof fileSchema>): { value?: string; source?: ConfigSource } => {
    if (inFolder?.[key]) return { value: inFolder[key], source: 'folder' };
    if (atHome?.[key]) return { value: atHome[key], source: 'home' };
    return {};
  };
  const endpoint = pick('endpoint');
  const apiKey = pick('apiKey');
  const currentApp = pick('currentApp');
  return {
    endpoint: checkedEndpoint(endpoint.value, endpoint.source === 'folder' ? folderFile : homeFile),
    endpointSource: endpoint.source ?? 'default',
    apiKey: apiKey.value,
    apiKeySource: apiKey.source,
    currentApp: currentApp.value,
    currentAppSource: currentApp.source,
    keyIsFromElsewhere: apiKey.source === 'home' && endpoint.source === 'folder',
  };
}

function checkedEndpoint(endpoint: string | undefined, file: string | undefined): string {
  try {
    return normaliseOrigin(endpoint ?? HOSTED_ORIGIN);
  } catch (error) {
    throw badConfig(file ?? CLI_CONFIG_PATH, 'its "endpoint" is not an address', error);
  }
}

async function readConfigFile(file: string): Promise<z.infer<typeof fileSchema> | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  const result = fileSchema.safeParse(parse(text, file));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw badConfig(file, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong shape'}`);
}

async function readText(file: string): Promise<string | undefined> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > MAX_FILE_BYTES) throw badConfig(file, 'it is too large');
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof DoError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw badConfig(file, code === 'EISDIR' ? 'it is a folder' : 'it is not readable', error);
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's message quotes the text, which may hold a key.
    throw badConfig(file, 'it is not valid JSON');
  }
}

function badConfig(file: string, why: string, cause?: unknown): DoError {
  return new DoError({
    code: ERROR_CODES.badConfig,
    message: `${file} cannot be used: ${why}.`,
    nextStep:
      'Correct or remove the file. The butterbase command line writes it anew with `butterbase login`.',
    cause,
  });
}
