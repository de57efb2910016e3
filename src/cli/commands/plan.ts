import { appendFile } from 'node:fs/promises';
import type { ParseArgsConfig } from 'node:util';
import { toError } from '../../core/errors.ts';
import { ACCESS_MODES, isAccessMode, type AccessMode } from '../../core/model/app.ts';
import { appCommand, type CommandContext } from '../appCommand.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP, readArguments } from '../arguments.ts';
import { readRule } from '../ruleOption.ts';
import { github } from '../lintFormats/github.ts';
import { sourceRoot } from '../lintFormats/sourceRoot.ts';
import { planApp, type AppPlan, type Outcome, type Wish } from '../deploy/planApp.ts';
import { planDocument } from '../deploy/planDocument.ts';
import { planMarkdown } from '../deploy/planMarkdown.ts';
import { printPlan, sayRefusals, summaryOf } from '../deploy/planText.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { chosenClasses } from '../project/chosenClasses.ts';
import { usageError } from '../usageError.ts';

export const PLAN_USAGE = `Usage: cli plan [options] [NAMES or FILES...]

Says what a deploy of these classes, or of all that differ from what is deployed, would do to every class of the
app. Nothing is changed. Ends as the deploy would: 0 when it can go or there is nothing to do, 1 when the platform
would refuse or fail it or a file has errors, 3 when stored data would be lost that nobody agreed to lose.

Options:
  --detailed-exitcode  End with 7 instead of 0 when there is something to deploy
  --destroy NAME       Agree to lose what the instances of this class stored; may be given more than once
  --overwrite NAME     Replace this class although it was changed elsewhere; may be given more than once
  --redeploy           Deploy also what is deployed as it is, which restarts its instances
  --allow-findings     Go on in spite of errors that the platform itself would take
  --rule ID=SEVERITY   off, error, warning or information for a rule; may be given more than once
  --access-mode MODE   Of files that are not in the manifest: public, authenticated or service_key
                       (default: as they are deployed, else authenticated)
${APP_OPTIONS_HELP}`;

export const DEPLOY_OPTIONS = {
  ...APP_OPTIONS,
  destroy: { type: 'string', multiple: true, default: [] },
  overwrite: { type: 'string', multiple: true, default: [] },
  redeploy: { type: 'boolean', default: false },
  'allow-findings': { type: 'boolean', default: false },
  rule: { type: 'string', multiple: true, default: [] },
  'access-mode': { type: 'string' },
} satisfies ParseArgsConfig['options'];

const EXITS: Readonly<Record<Outcome, ExitCode>> = {
  nothing: EXIT.ok,
  ready: EXIT.ok,
  refused: EXIT.failed,
  wouldDestroy: EXIT.wouldDestroy,
};

export async function planCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('plan', args, {
    ...DEPLOY_OPTIONS,
    'detailed-exitcode': { type: 'boolean', default: false },
  });
  const input = { command: 'plan', usage: PLAN_USAGE, values, changes: false };
  return appCommand(input, async (context) => {
    const mode = accessModeOf(values['access-mode'], 'plan');
    const plan = await makePlan(context, 'plan', wishOf(values, positionals, 'plan'), mode);
    await showPlan(context, plan);
    context.output.document(planDocument(plan));
    return values['detailed-exitcode'] && plan.outcome === 'ready' ? EXIT.changes : EXITS[plan.outcome];
  });
}

/** What the options of `plan` and `deploy` ask for. */
export function wishOf(
  values: {
    readonly destroy: readonly string[];
    readonly overwrite: readonly string[];
    readonly redeploy: boolean;
    readonly 'allow-findings': boolean;
    readonly rule: readonly string[];
  },
  names: readonly string[],
  command: string,
): Wish {
  return {
    names: [...new Set(names)],
    destroy: [...new Set(values.destroy)],
    overwrite: values.overwrite,
    redeploy: values.redeploy,
    allowFindings: values['allow-findings'],
    severities: Object.fromEntries(values.rule.map((text) => readRule(text, command))),
  };
}

/** @param accessMode of files that are not in the manifest; as they are deployed, else the platform's default, without it */
export async function makePlan(
  context: CommandContext,
  command: string,
  wish: Wish,
  accessMode: AccessMode | undefined,
): Promise<AppPlan> {
  const { signal, open, project, cwd } = context;
  const chosen = await chosenClasses(project, cwd, wish.names);
  const opened = await open();
  const rows = chosen.loose.length === 0 ? [] : await opened.operations.list(signal);
  const modeOf = (name: string): AccessMode =>
    accessMode ?? rows.find((row) => row.name === name)?.accessMode ?? 'authenticated';
  const loose = chosen.loose.map((file) => ({ ...file, accessMode: modeOf(file.name) }));
  const local = [...chosen.known, ...loose];
  return planApp({ open: opened, local, wish: { ...wish, names: chosen.names }, command, signal });
}

/** The access mode that was given. */
export function accessModeOf(text: string | undefined, command: string): AccessMode | undefined {
  if (text === undefined || isAccessMode(text)) return text;
  throw usageError(`--access-mode takes ${ACCESS_MODES.join(', ')}, not "${text}".`, command);
}

/** The plan for people, for the workflow's summary and its annotations, and why it is refused. */
export async function showPlan({ output, cwd, env }: CommandContext, plan: AppPlan): Promise<void> {
  printPlan(output, plan);
  output.print(summaryOf(plan));
  if (output.inGitHub) {
    process.stderr.write(github({ files: plan.blocked, root: sourceRoot(cwd, env) }));
    await addSummary(env['GITHUB_STEP_SUMMARY'], planMarkdown(plan)).catch((error: unknown) => {
      output.warn(`The summary of the workflow cannot be written: ${toError(error).message}`);
    });
  }
  sayRefusals(output, plan);
}

export function exitOf({ outcome }: AppPlan): ExitCode {
  return EXITS[outcome];
}

async function addSummary(file: string | undefined, text: string): Promise<void> {
  if (file !== undefined && file !== '') await appendFile(file, `${text}\n`);
}
