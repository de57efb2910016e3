import { appCommand, type CommandContext } from '../appCommand.ts';
import { readArguments } from '../arguments.ts';
import { carryOut, type CarriedOut } from '../deploy/carryOut.ts';
import { DEPLOY_OPTIONS, DEPLOY_OPTIONS_HELP, planWanted } from '../deploy/deployArguments.ts';
import { refusalOf, type AppPlan } from '../deploy/planApp.ts';
import { planDocument } from '../deploy/planDocument.ts';
import type { Step } from '../deploy/sequence.ts';
import { exitOf, showPlan } from '../deploy/showPlan.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { instanceUrl } from '../output/instanceUrl.ts';
import { errorDocument, sayError } from '../output/reportError.ts';
import { targetDocument } from '../output/targetDocument.ts';

const USAGE = `Usage: cli deploy [options] [NAMES or FILES...]

Deploys these classes, or all of the manifest that differ from what is deployed, one after the other in an order in
which nothing is lost. Before anything is sent, everything is checked: the files, what the platform would do to every
class, and whether the module loads in the runtime. A class in ERROR is brought back first. What would lose stored
data is refused; the first failure ends it, and what was done and what was not is said.

Options:
  --dry-run            Only plan, as \`cli plan\`
${DEPLOY_OPTIONS_HELP}`;

export async function deployCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('deploy', args, {
    ...DEPLOY_OPTIONS,
    'dry-run': { type: 'boolean', default: false },
  });
  const isDry = values['dry-run'];
  return appCommand({ command: 'deploy', usage: USAGE, values, changes: !isDry }, async (context) => {
    const plan = await planWanted(context, { values, wanted: positionals, command: 'deploy' });
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
  const refusal = result === undefined ? refusalOf(plan) : undefined;
  const error = result?.failed?.error ?? refusal;
  return {
    kind: 'deploy',
    ...targetDocument(plan.open),
    outcome: outcomeOf(plan, result),
    ...(error === undefined ? {} : { error: errorDocument(error) }),
    deployed: (result?.done ?? []).map((step) => deployedDocument(plan, step)),
    failed: result?.failed?.step.input.name ?? null,
    notDone: namesOf(result?.notDone ?? plan.sequence.steps),
    plan: planDocument(plan),
  };
}

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
