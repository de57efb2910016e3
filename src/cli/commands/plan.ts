import { appendFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ParseArgsConfig } from 'node:util';
import { toError } from '../../core/errors.ts';
import { ACCESS_MODES, isAccessMode, type AccessMode } from '../../core/model/app.ts';
import { appCommand, type CommandContext } from '../appCommand.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP, readArguments } from '../arguments.ts';
import { readRule } from '../ruleOption.ts';
import { github } from '../lintFormats/github.ts';
import { planApp, type AppPlan, type Outcome, type Wish } from '../deploy/planApp.ts';
import { planDocument } from '../deploy/planDocument.ts';
import { planMarkdown } from '../deploy/planMarkdown.ts';
import { printPlan, sayRefusals, summaryOf } from '../deploy/planText.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { localClasses, namedFile, type LocalClass } from '../project/project.ts';
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
  --access-mode MODE   Of files that are not in the manifest: public, authenticated (default) or service_key
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

/** @param accessMode of files that are not in the manifest */
export async function makePlan(
  context: CommandContext,
  command: string,
  wish: Wish,
  accessMode: AccessMode,
): Promise<AppPlan> {
  const { signal, open } = context;
  const { local, names } = await chosenClasses(context, wish.names, accessMode);
  return planApp({ open: await open(), local, wish: { ...wish, names }, command, signal });
}

/**
 * The classes of the folder, and the DO names of those that were chosen. A file can be named by its path; one that
 * the manifest does not know becomes a class of its own.
 */
async function chosenClasses(
  { project, cwd }: CommandContext,
  wanted: readonly string[],
  accessMode: AccessMode,
): Promise<{ readonly local: readonly LocalClass[]; readonly names: readonly string[] }> {
  const isPath = (text: string): boolean => /[\\/]|\.ts$/.test(text);
  const isAboutFiles = wanted.length > 0 && wanted.every(isPath);
  const known = isAboutFiles && project.manifest === undefined ? [] : await localClasses(project, cwd);
  const local = [...known];
  const names: string[] = [];
  for (const text of wanted) {
    if (!isPath(text)) {
      names.push(text);
      continue;
    }
    const file =
      known.find((each) => each.file === resolve(cwd, text)) ?? (await namedFile(text, accessMode, cwd));
    const other = local.find(({ name }) => name === file.name);
    if (other !== undefined && other.file !== file.file) {
      throw usageError(`${text} would be the class ${file.name}, which is ${other.shown} already.`);
    }
    if (other === undefined) local.push(file);
    names.push(file.name);
  }
  return { local, names: [...new Set(names)] };
}

/** The access mode that was given; the platform's own default without one. */
export function accessModeOf(text: string | undefined, command: string): AccessMode {
  if (text === undefined) return 'authenticated';
  if (isAccessMode(text)) return text;
  throw usageError(`--access-mode takes ${ACCESS_MODES.join(', ')}, not "${text}".`, command);
}

/** The plan for people, for the workflow's summary and its annotations, and why it is refused. */
export async function showPlan({ output, env }: CommandContext, plan: AppPlan): Promise<void> {
  printPlan(output, plan);
  output.print(summaryOf(plan));
  if (output.inGitHub) {
    process.stderr.write(github(plan.blocked));
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
