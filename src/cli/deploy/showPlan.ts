import { appendFile } from 'node:fs/promises';
import { toError } from '../../core/errors.ts';
import type { CommandContext } from '../appCommand.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { github } from '../lintFormats/github.ts';
import { sourceRoot } from '../lintFormats/sourceRoot.ts';
import type { AppPlan, Outcome } from './planApp.ts';
import { planMarkdown } from './planMarkdown.ts';
import { printPlan, sayRefusals, summaryOf } from './planText.ts';

const EXITS: Readonly<Record<Outcome, ExitCode>> = {
  nothing: EXIT.ok,
  ready: EXIT.ok,
  refused: EXIT.failed,
  wouldDestroy: EXIT.wouldDestroy,
};

/** How a command ends that only plans, or that a plan stops. */
export function exitOf({ outcome }: AppPlan): ExitCode {
  return EXITS[outcome];
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

async function addSummary(file: string | undefined, text: string): Promise<void> {
  if (file !== undefined && file !== '') await appendFile(file, `${text}\n`);
}
