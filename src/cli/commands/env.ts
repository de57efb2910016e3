import { resolve } from 'node:path';
import { DoError, ERROR_CODES, isCancelled } from '../../core/errors.ts';
import { parseEnvFile, validateEnvEntry } from '../../core/model/envFile.ts';
import { bindingOf } from '../../core/model/names.ts';
import type { EnvChange } from '../../operations/planning.ts';
import { appCommand, type CommandContext } from '../appCommand.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP, readArguments } from '../arguments.ts';
import type { OpenApp } from '../connect/openApp.ts';
import { consentTo, type Consent } from '../deploy/otherLosses.ts';
import { sendOrWait } from '../deploy/sendOrWait.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { errorDocument, sayError } from '../output/reportError.ts';
import { targetDocument } from '../output/targetDocument.ts';
import { readText } from '../project/readText.ts';
import { readValue } from '../readValue.ts';
import { usageError } from '../usageError.ts';

export const ENV_USAGE = `Usage: cli env [list] [options]
       cli env set [options] KEY...
       cli env set [options] KEY=VALUE...
       cli env set [options] --file .env
       cli env delete [options] KEY...

Environment variables of the app's classes. Values cannot be read back. Every change deploys the app again: all
instances restart and their WebSockets drop.

A value for KEY is typed without being shown, or comes in through a pipe. One in KEY=VALUE lands in the shell's
history and in the list of processes.

Options:
  --file FILE          Sets all variables of a .env file
  --destroy NAME       Agree to lose what the instances of this class stored; may be given more than once
${APP_OPTIONS_HELP}`;

export async function envCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('env', args, {
    ...APP_OPTIONS,
    file: { type: 'string' },
    destroy: { type: 'string', multiple: true, default: [] },
  });
  const [action = 'list', ...rest] = positionals;
  const changes = action === 'set' || action === 'delete';
  return appCommand({ command: 'env', usage: ENV_USAGE, values, changes }, async (context) => {
    if (values.file !== undefined && action !== 'set') throw usageError('--file goes with env set.', 'env');
    switch (action) {
      case 'list':
        if (rest.length > 0) throw usageError('env list takes no keys.', 'env');
        return listKeys(context);
      case 'set':
        return changeKeys(context, await settingsOf(context, rest, values.file), values.destroy);
      case 'delete':
        if (rest.length === 0) throw usageError('Name the keys to delete.', 'env');
        return changeKeys(
          context,
          [...new Set(rest)].map((key) => ({ key, value: undefined })),
          values.destroy,
        );
      default:
        throw usageError(`There is no "env ${action}"; there are list, set and delete.`, 'env');
    }
  });
}

async function listKeys({ output, signal, open }: CommandContext): Promise<ExitCode> {
  const opened = await open();
  const keys = await opened.operations.listEnv(signal);
  for (const key of keys) output.print(key);
  if (keys.length === 0) output.say('No environment variable is set.');
  output.document({ kind: 'env', ...targetDocument(opened), keys });
  return EXIT.ok;
}

/** A key that is set, or deleted when there is no value. */
interface KeyChange {
  readonly key: string;
  readonly value: string | undefined;
}

async function settingsOf(
  context: CommandContext,
  args: readonly string[],
  file: string | undefined,
): Promise<KeyChange[]> {
  if (file !== undefined && args.length > 0) throw usageError('Give keys or --file, not both.', 'env');
  if (file !== undefined) return fromFile(context, file);
  if (args.length === 0) throw usageError('Name the keys to set, or a file with --file.', 'env');
  const { output } = context;
  const changes: KeyChange[] = [];
  for (const arg of args) {
    const at = arg.indexOf('=');
    if (at >= 0) {
      changes.push({ key: arg.slice(0, at), value: arg.slice(at + 1) });
    } else if (args.length > 1) {
      throw usageError('Only one value can be typed or come in through a pipe: give one key.', 'env');
    } else {
      const value = await readValue(arg, process.stdin, (text) => void process.stderr.write(text));
      changes.push({ key: arg, value });
    }
  }
  // On a build machine there is no shell history, and secrets are masked in its log.
  if (args.some((arg) => arg.includes('=')) && process.stdin.isTTY) {
    output.say(
      'The value is in the history of your shell now. Give the key alone to type it without being shown.',
    );
  }
  const twice = changes.find(({ key }, index) => changes.findIndex((each) => each.key === key) !== index);
  if (twice !== undefined) throw usageError(`${twice.key} is given twice.`, 'env');
  return changes;
}

async function fromFile({ cwd, output }: CommandContext, file: string): Promise<KeyChange[]> {
  const read = await readText(resolve(cwd, file));
  if (!read.ok) throw badFile(`${file}: ${read.problem}`);
  const { entries, problems } = parseEnvFile(read.text);
  for (const { line, key, message } of problems) output.say(`${file}:${line} ${key ?? ''} ${message}`);
  const dropped = problems.filter(
    ({ key }) => key === undefined || !entries.some((each) => each.key === key),
  );
  if (dropped.length > 0) throw badFile(`${file} has ${dropped.length} lines that cannot be set.`);
  if (entries.length === 0) throw badFile(`${file} sets nothing.`);
  return entries.map(({ key, value }) => ({ key, value }));
}

/** Changes keys one after the other; the first that fails is the last. */
async function changeKeys(
  context: CommandContext,
  changes: readonly KeyChange[],
  destroy: readonly string[],
): Promise<ExitCode> {
  const { output, signal, open } = context;
  const opened = await open();
  await refuseKeys(context, opened, changes);
  const [first] = changes;
  const effects = await opened.operations.previewEnv(
    first === undefined ? undefined : wantedOf(first),
    signal,
  );
  const consent = await consentTo(context, opened, effects, { destroy, harmless: [], command: 'env' });
  const done: { readonly key: string; readonly redeployed: boolean }[] = [];
  let failed: { readonly error: unknown } | undefined;
  const isStopped = (): boolean => signal.aborted;
  for (const change of changes) {
    if (isStopped()) break;
    try {
      const redeployed = await changeKey(context, opened, change, consent);
      done.push({ key: change.key, redeployed });
      const restarted = redeployed ? ` Restarted: ${effects.evicts.join(', ')}.` : '';
      output.print(`${change.key} is ${change.value === undefined ? 'deleted' : 'set'}.${restarted}`);
    } catch (error) {
      if (!(isCancelled(error) && isStopped())) failed = { error: withoutValue(error, change.value) };
      break;
    }
  }
  const notDone = changes.map(({ key }) => key).filter((key) => !done.some((each) => each.key === key));
  const code = failed === undefined ? EXIT.ok : sayError(output, failed.error);
  if (notDone.length > 0 && changes.length > 1) output.say(`Not changed: ${notDone.join(', ')}.`);
  output.document({
    kind: 'env-change',
    ...targetDocument(opened),
    ...(failed === undefined ? {} : { error: errorDocument(failed.error) }),
    changed: done,
    notDone,
  });
  return isStopped() && code === EXIT.ok ? EXIT.interrupted : code;
}

function wantedOf({ key, value }: KeyChange): EnvChange {
  return value === undefined ? { kind: 'deleteEnv', key } : { kind: 'setEnv', key, value };
}

/** Whether the app was deployed again with it. */
async function changeKey(
  { output, signal }: CommandContext,
  opened: OpenApp,
  { key, value }: KeyChange,
  consent: Consent,
): Promise<boolean> {
  const { operations } = opened;
  const options = { ...consent, signal };
  let redeployed = true;
  await sendOrWait(
    output,
    opened,
    async () => {
      ({ redeployed } =
        value === undefined
          ? await operations.deleteEnv(key, options)
          : await operations.setEnv(key, value, options));
    },
    async () => (await operations.listEnv()).includes(key) === (value !== undefined),
  );
  return redeployed;
}

/** Refuses all when one of them cannot be done, before anything is sent. */
async function refuseKeys(
  { output, signal }: CommandContext,
  { operations }: OpenApp,
  changes: readonly KeyChange[],
): Promise<void> {
  const [rows, keys] = await Promise.all([operations.list(signal), operations.listEnv(signal)]);
  const bindings = rows.map(({ name }) => bindingOf(name));
  for (const { key, value } of changes) {
    if (value === undefined) {
      if (!keys.includes(key)) throw notSet(key);
      continue;
    }
    const { errors, warnings } = validateEnvEntry(key, value, bindings, keys);
    if (errors[0] !== undefined) throw unusable(`${key === '' ? 'A key is empty' : key}: ${errors[0]}`);
    for (const warning of warnings) output.warn(warning);
  }
}

/** A platform may quote in its error what it got. */
function withoutValue(error: unknown, value: string | undefined): unknown {
  if (!(error instanceof DoError) || value === undefined || value.length < SHORTEST_HIDDEN) return error;
  const { code, status, cause } = error;
  const [message, nextStep] = [error.message, error.nextStep].map((text) => text.replaceAll(value, '…'));
  return new DoError({
    code,
    message: message ?? '',
    nextStep: nextStep ?? '',
    ...(status === undefined ? {} : { status }),
    cause,
  });
}

/** UTF-16 units: what is shorter is no secret, and stands in many words. */
const SHORTEST_HIDDEN = 4;

function unusable(message: string): DoError {
  return new DoError({ code: ERROR_CODES.invalidInput, message, nextStep: 'Nothing was changed.' });
}

function notSet(key: string): DoError {
  return new DoError({
    code: 'NO_SUCH_KEY',
    message: `The environment key ${key} is not set.`,
    nextStep: 'Nothing was changed. `cli env` lists the keys.',
  });
}

function badFile(message: string): DoError {
  return new DoError({
    code: ERROR_CODES.badFile,
    message,
    nextStep: 'Correct the file. Nothing was changed.',
  });
}
