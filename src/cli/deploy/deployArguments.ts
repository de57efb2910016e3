import type { ParseArgsConfig } from 'node:util';
import { ACCESS_MODES, isAccessMode, type AccessMode } from '../../core/model/app.ts';
import type { CommandContext } from '../appCommand.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP } from '../arguments.ts';
import { chosenClasses } from '../project/chosenClasses.ts';
import { readRule } from '../ruleOption.ts';
import { usageError } from '../usageError.ts';
import { planApp, type AppPlan } from './planApp.ts';

/** The options that `plan` and `deploy` share. */
export const DEPLOY_OPTIONS = {
  ...APP_OPTIONS,
  destroy: { type: 'string', multiple: true, default: [] },
  overwrite: { type: 'string', multiple: true, default: [] },
  redeploy: { type: 'boolean', default: false },
  'allow-findings': { type: 'boolean', default: false },
  rule: { type: 'string', multiple: true, default: [] },
  'access-mode': { type: 'string' },
} satisfies ParseArgsConfig['options'];

/** The lines of a command's help about `DEPLOY_OPTIONS`. */
export const DEPLOY_OPTIONS_HELP = `  --destroy NAME       Agree to lose what the instances of this class stored; may be given more than once
  --overwrite NAME     Replace this class although it was changed elsewhere; may be given more than once
  --redeploy           Deploy also what is deployed as it is, which restarts its instances
  --allow-findings     Go on in spite of errors that the platform itself would take
  --rule ID=SEVERITY   off, error, warning or information for a rule; may be given more than once
  --access-mode MODE   Of files that are not in the manifest: public, authenticated or service_key
                       (default: as they are deployed, else authenticated)
${APP_OPTIONS_HELP}`;

export interface DeployValues {
  readonly destroy: readonly string[];
  readonly overwrite: readonly string[];
  readonly redeploy: boolean;
  readonly 'allow-findings': boolean;
  readonly rule: readonly string[];
  readonly 'access-mode'?: string | undefined;
}

/**
 * The plan of a deploy of these classes.
 * @param wanted DO names or paths of files; none for all of the manifest that differ
 * @throws DoError `USAGE`, or as `planApp` does
 */
export async function planWanted(
  { signal, open, project, cwd }: CommandContext,
  { values, wanted, command }: { values: DeployValues; wanted: readonly string[]; command: string },
): Promise<AppPlan> {
  const given = accessModeOf(values['access-mode'], command);
  const severities = Object.fromEntries(values.rule.map((text) => readRule(text, command)));
  const chosen = await chosenClasses(project, cwd, [...new Set(wanted)]);
  const opened = await open();
  const rows = chosen.loose.length === 0 ? [] : await opened.operations.list(signal);
  const modeOf = (name: string): AccessMode =>
    given ?? rows.find((row) => row.name === name)?.accessMode ?? 'authenticated';
  const loose = chosen.loose.map((file) => ({ ...file, accessMode: modeOf(file.name) }));
  return planApp({
    open: opened,
    local: [...chosen.known, ...loose],
    wish: {
      names: chosen.names,
      destroy: [...new Set(values.destroy)],
      overwrite: values.overwrite,
      redeploy: values.redeploy,
      allowFindings: values['allow-findings'],
      severities,
    },
    command,
    signal,
  });
}

function accessModeOf(text: string | undefined, command: string): AccessMode | undefined {
  if (text === undefined || isAccessMode(text)) return text;
  throw usageError(`--access-mode takes ${ACCESS_MODES.join(', ')}, not "${text}".`, command);
}
