import { DoError, isCancelled } from '../../core/errors.ts';
import { DEPLOY_FAILED } from '../../operations/aftermath.ts';
import type { DeployInput } from '../../operations/sourceCheck.ts';
import type { OpenApp } from '../connect/openApp.ts';
import type { Output } from '../output/output.ts';
import { stepText } from './planText.ts';
import { sendOrWait } from './sendOrWait.ts';
import type { Step } from './sequence.ts';

/** How far a deploy of several classes came. */
export interface CarriedOut {
  readonly done: readonly Step[];
  /** The step that did not succeed, and why. */
  readonly failed: { readonly step: Step; readonly error: unknown } | undefined;
  /** Steps that were not begun. */
  readonly notDone: readonly Step[];
  /** Whether somebody stopped it. */
  readonly interrupted: boolean;
}

/** Carries out the steps one after the other; the first that does not succeed is the last. */
export async function carryOut(
  output: Output,
  open: OpenApp,
  steps: readonly Step[],
  signal: AbortSignal,
): Promise<CarriedOut> {
  const done: Step[] = [];
  const isStopped = (): boolean => signal.aborted;
  for (const [at, step] of steps.entries()) {
    const rest = steps.slice(at + 1);
    if (isStopped()) return { done, failed: undefined, notDone: [step, ...rest], interrupted: true };
    output.say(`${stepText(step)}...`);
    const allowDestroy = step.destroys.map(({ className }) => className);
    try {
      await sendOrWait(
        output,
        open,
        () => open.operations.deploy(step.input, { allowDestroy, signal }),
        () => wasMade(open, step.input),
      );
      done.push(step);
    } catch (error) {
      if (isCancelled(error) && isStopped())
        return { done, failed: undefined, notDone: [step, ...rest], interrupted: true };
      return { done, failed: { step, error }, notDone: rest, interrupted: isStopped() };
    }
  }
  return { done, failed: undefined, notDone: [], interrupted: isStopped() };
}

/** @throws DoError `DEPLOY_FAILED` */
async function wasMade({ parts, app }: OpenApp, input: DeployInput): Promise<boolean> {
  const row = await parts.client.get(app.id, input.name);
  if (row.status === 'READY' && row.code === input.code && row.accessMode === input.accessMode) return true;
  throw new DoError({
    code: DEPLOY_FAILED,
    message: row.errorMessage ?? `${input.name} was sent, but what is deployed is not what was sent.`,
    nextStep: `Look at ${input.name} before any other change of this app.`,
  });
}
