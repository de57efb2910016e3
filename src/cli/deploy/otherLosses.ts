import type { DestroyedFate } from '../../core/plan/planTypes.ts';
import { refuseDestruction, type Effects } from '../../operations/previews.ts';
import { NO_REPAIR, type Repair } from '../../operations/repair.ts';
import { DoError } from '../../core/errors.ts';
import type { CommandContext } from '../appCommand.ts';
import type { OpenApp } from '../connect/openApp.ts';
import { localClasses } from '../project/project.ts';
import { usageError } from '../usageError.ts';

/** What a change needs so that nothing is lost by it but what was agreed to. */
export interface Consent {
  /** Class names. */
  readonly allowDestroy: readonly string[];
  /** Classes in ERROR that are brought back first. */
  readonly repairs: readonly Repair[];
}

/**
 * Holds what a change would destroy against what was agreed to: a class in ERROR is brought back before the change,
 * when it can be.
 * @param destroy DO names whose stored data may be lost
 * @param harmless DO names that may be given although nothing is stored under them
 * @throws DoError `WOULD_DESTROY`, `NO_REPAIR`, or `USAGE` for a name that would not be destroyed
 */
export async function consentTo(
  context: CommandContext,
  open: OpenApp,
  effects: Pick<Effects, 'destroys'>,
  {
    destroy,
    harmless,
    command,
  }: { destroy: readonly string[]; harmless: readonly string[]; command: string },
): Promise<Consent> {
  const destroyed = new Set(effects.destroys.map(({ name }) => name));
  const wrong = destroy.find((name) => !destroyed.has(name) && !harmless.includes(name));
  if (wrong !== undefined) {
    throw usageError(
      `--destroy ${wrong}: ${wrong} would not be destroyed by this. Nothing was sent.`,
      command,
    );
  }
  const agreed = effects.destroys.filter(({ name }) => destroy.includes(name));
  const others = effects.destroys.filter((fate) => !agreed.includes(fate));
  const repairs = await repairsOf(context, open, others);
  for (const { input } of repairs) context.output.say(`${input.name} is in ERROR and is brought back first.`);
  return { allowDestroy: agreed.map(({ className }) => className), repairs };
}

async function repairsOf(
  { project, cwd, signal, output }: CommandContext,
  { operations }: OpenApp,
  lost: readonly DestroyedFate[],
): Promise<readonly Repair[]> {
  if (lost.length === 0) return [];
  const isOwnWish = lost.some(({ cause }) => cause === 'deleted' || cause === 'renamed');
  if (isOwnWish) refuseDestruction({ destroys: lost }, []);
  const local = project.manifest === undefined ? [] : await localClasses(project, cwd);
  try {
    return await operations.repairsFor(
      lost,
      (name) => {
        const file = local.find((each) => each.name === name);
        return file?.read.ok === true
          ? { name, accessMode: file.accessMode, code: file.read.text }
          : undefined;
      },
      signal,
    );
  } catch (error) {
    if (!(error instanceof DoError && error.code === NO_REPAIR)) throw error;
    output.say(`${error.message} ${error.nextStep}`);
    refuseDestruction({ destroys: lost }, []);
    throw error;
  }
}
