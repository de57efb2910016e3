import { appCommand, type CommandContext } from '../appCommand.ts';
import { APP_OPTIONS_HELP, readArguments } from '../arguments.ts';
import { carryOut, type CarriedOut } from '../deploy/carryOut.ts';
import { refusalOf, type AppPlan } from '../deploy/planApp.ts';
import { planDocument } from '../deploy/planDocument.ts';
import type { Step } from '../deploy/sequence.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { instanceUrl } from '../output/instanceUrl.ts';
import { errorDocument, sayError } from '../output/reportError.ts';
import { targetDocument } from '../output/targetDocument.ts';
import { accessModeOf, DEPLOY_OPTIONS, exitOf, makePlan, showPlan, wishOf } from './plan.ts';

export const DEPLOY_USAGE = `Usage: cli deploy [options] [NAMES or FILES...]

Deploys these classes, or all of the manifest that differ from what is deployed, one after the other in an order in
which nothing is lost. Before anything is sent, everything is checked: the files, what the platform would do to every
class, and whether the module loads in the runtime. A class in ERROR is brought back first. What would lose stored
data is refused; the first failure ends it, and what was done and what was not is said.

Options:
  --dry-run            Only plan, as \`cli plan\`
  --destroy NAME       Agree to lose what the instances of this class stored; may be given more than once
  --overwrite NAME     Replace this class although it was changed elsewhere; may be given more than once
  --redeploy           Deploy also what is deployed as it is, which restarts its instances
  --allow-findings     Go on in spite of errors that the platform itself would take
  --rule ID=SEVERITY   off, error, warning or information for a rule; may be given more than once
  --access-mode MODE   Of files that are not in the manifest: public, authenticated or service_key
                       (default: as they are deployed, else authenticated)
${APP_OPTIONS_HELP}`;

export async function deployCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('deploy', args, {
    ...DEPLOY_OPTIONS,
    'dry-run': { type: 'boolean', default: false },
  });
  const isDry = values['dry-run'];
  return appCommand({ command: 'deploy', usage: DEPLOY_USAGE, values, changes: !isDry }, async (context) => {
    const mode = accessModeOf(values['access-mode'], 'deploy');
    const plan = await makePlan(context, 'deploy', wishOf(values, positionals, 'deploy'), mode);
    await showPlan(context, plan);
    if (isDry) {
      context.output.document(planDocument(plan));
      return exitOf(plan);
    }
    return deployPlan(context, plan);
  });
}

/** Carries out a plan that was shown, unless it is refused, and says what became of it. */
export async function deployPlan(context: CommandContext, plan: AppPlan): Promise<ExitCode> {
  const { output, signal } = context;
  if (plan.outcome === 'refused' || plan.outcome === 'wouldDestroy') {
    output.document(deployDocument(plan, undefined));
    return exitOf(plan);
  }
  const result = await carryOut(output, plan.open, plan.sequence.steps, signal);
  for (const { input } of result.done) {
    output.print(`${input.name} is deployed: ${instanceUrl(plan.open, input.name) ?? 'READY'}`);
  }
  const code = result.failed === undefined ? EXIT.ok : sayError(output, result.failed.error);
  if (result.notDone.length > 0) output.say(`Not deployed: ${namesOf(result.notDone).join(', ')}.`);
  output.document(deployDocument(plan, result));
  return result.interrupted && code === EXIT.ok ? EXIT.interrupted : code;
}

/** @param result undefined when nothing was sent because the plan is refused */
function deployDocument(plan: AppPlan, result: CarriedOut | undefined): object {
  const refusal = result === undefined ? (refusalOf(plan) ?? FILES_HAVE_ERRORS) : undefined;
  const error = result?.failed === undefined ? refusal : errorDocument(result.failed.error);
  return {
    kind: 'deploy',
    ...targetDocument(plan.open),
    outcome: outcomeOf(plan, result),
    ...(error === undefined
      ? {}
      : { error: { code: error.code, message: error.message, nextStep: error.nextStep } }),
    deployed: (result?.done ?? []).map((step) => deployedDocument(plan, step)),
    failed: result?.failed?.step.input.name ?? null,
    notDone: namesOf(result?.notDone ?? plan.sequence.steps),
    plan: planDocument(plan),
  };
}

const FILES_HAVE_ERRORS = {
  code: 'LINT',
  message: 'Files have errors. Nothing was sent.',
  nextStep: 'Correct what is listed in the findings.',
};

function outcomeOf(plan: AppPlan, result: CarriedOut | undefined): string {
  if (result === undefined || plan.outcome === 'nothing') return plan.outcome;
  if (result.interrupted) return 'interrupted';
  return result.failed === undefined ? 'done' : 'failed';
}

function deployedDocument(plan: AppPlan, { input, className, kind, destroys }: Step): object {
  return {
    name: input.name,
    className,
    action: kind,
    destroyed: destroys.map(({ name, className: lost }) => ({ name, className: lost })),
    url: instanceUrl(plan.open, input.name) ?? null,
  };
}

function namesOf(steps: readonly Step[]): string[] {
  return steps.map(({ input }) => input.name);
}
