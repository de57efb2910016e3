import { appCommand } from '../appCommand.ts';
import { readArguments } from '../arguments.ts';
import { DEPLOY_OPTIONS, DEPLOY_OPTIONS_HELP, planWanted } from '../deploy/deployArguments.ts';
import { planDocument } from '../deploy/planDocument.ts';
import { exitOf, showPlan } from '../deploy/showPlan.ts';
import { EXIT } from '../exitCodes.ts';

const USAGE = `Usage: cli plan [options] [NAMES or FILES...]

Says what a deploy of these classes, or of all that differ from what is deployed, would do to every class of the
app. Nothing is changed. Ends as the deploy would: 0 when it can go or there is nothing to do, 1 when the platform
would refuse or fail it or a file has errors, 3 when stored data would be lost that nobody agreed to lose.

Options:
  --detailed-exitcode  End with 7 instead of 0 when there is something to deploy
${DEPLOY_OPTIONS_HELP}`;

export async function planCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('plan', args, {
    ...DEPLOY_OPTIONS,
    'detailed-exitcode': { type: 'boolean', default: false },
  });
  return appCommand({ command: 'plan', usage: USAGE, values, changes: false }, async (context) => {
    const plan = await planWanted(context, { values, wanted: positionals, command: 'plan' });
    await showPlan(context, plan);
    context.output.document(planDocument(plan));
    return values['detailed-exitcode'] && plan.outcome === 'ready' ? EXIT.changes : exitOf(plan);
  });
}
