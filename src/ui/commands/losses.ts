import * as vscode from 'vscode';
import { toError } from '../../core/errors.ts';
import type { Destruction } from '../../operations/previews.ts';
import type { Repair } from '../../operations/repair.ts';
import type { DeployInput } from '../../operations/sourceCheck.ts';
import { logError } from '../errors.ts';
import type { DoFiles } from '../files/doFiles.ts';
import { readSource } from '../files/readSource.ts';
import type { ReadySession } from '../session/session.ts';
import { type ChangeProgress, withChangeProgress } from './changeProgress.ts';
import { type AskLoss, askDestruction, askLossInDialog } from './destruction.ts';

/** With what a change may go on that would destroy something nobody asked to destroy. */
export interface AgreedLosses {
  /** Class names whose data the person agreed to lose. */
  readonly allowDestroy: readonly string[];
  /** Classes that are brought back first. */
  readonly repairs: readonly Repair[];
}

/** Of a change that destroys nothing. */
export const NO_LOSSES: AgreedLosses = { allowDestroy: [], repairs: [] };

/** The change about which the person is asked. */
export interface Asking {
  readonly files: DoFiles;
  readonly session: ReadySession;
  readonly progress: ChangeProgress;
}

/** Another way than the change that was wanted. */
export interface OtherWay {
  readonly title: string;
  readonly go: () => Promise<void>;
}

/**
 * Asks about the classes that a change would destroy although nobody asked for that, until there is none left to ask
 * about: bring those in ERROR back first, go another way, or lose the data, each name typed by hand.
 *
 * @param what is being done, as the beginning of a sentence: `Deploying chat-room`
 * @param progress of the change
 * @param otherWays to offer besides
 * @param ask where the person is asked; the names to destroy are typed in the editor's own input all the same
 * @returns with what the change may go on, or the other way that the person wants to go
 * @throws DoError `CANCELLED`, or `NO_REPAIR` when a class cannot be brought back
 */
export async function agreeToLosses<Other extends OtherWay = never>(
  { files, session, progress }: Asking,
  what: string,
  destroys: readonly Destruction[],
  otherWays: readonly Other[] = [],
  ask: AskLoss = askLossInDialog,
): Promise<AgreedLosses | Other> {
  let left = destroys;
  let repairs: readonly Repair[] = [];
  while (left.length > 0) {
    const broken = left.filter(canBeRepaired);
    const repair = vscode.l10n.t('Repair {0} First', broken.map(({ name }) => name).join(', '));
    const ways = [...otherWays.map(({ title }) => title), ...(broken.length === 0 ? [] : [repair])];
    const answer = await askDestruction(what, left, session.connection, ways, ask, progress);
    if (answer.kind === 'destroy') return { allowDestroy: answer.classNames, repairs };
    const other = otherWays.find(({ title }) => title === answer.title);
    if (other !== undefined) return other;
    repairs = await findRepairs({ files, session, progress }, broken);
    left = left.filter((fate) => !broken.includes(fate));
  }
  return { allowDestroy: [], repairs };
}

/**
 * Brings back the classes that the next change of the environment would destroy, and changes nothing else.
 * @returns their DO names
 * @throws DoError `CANCELLED`, or `NO_REPAIR` when a class cannot be brought back
 */
export async function repairNow(files: DoFiles, session: ReadySession): Promise<readonly string[]> {
  const { destroys } = await session.operations.previewEnv();
  const broken = destroys.filter(canBeRepaired);
  if (broken.length === 0) return [];
  return withChangeProgress(looking(broken), async (progress) => {
    const repairs = await findRepairs({ files, session, progress }, broken);
    for (const { input } of repairs) {
      progress.say(vscode.l10n.t('Repairing {0}', input.name));
      await session.operations.deploy(input, { signal: progress.signal });
    }
    return repairs.map(({ input }) => input.name);
  });
}

function canBeRepaired({ waysOut }: Destruction): boolean {
  return waysOut.some(({ kind }) => kind === 'repair');
}

/** With what the classes are brought back: what worked last, else their files. */
async function findRepairs(
  { files, session, progress }: Asking,
  broken: readonly Destruction[],
): Promise<readonly Repair[]> {
  progress.say(looking(broken));
  const local = new Map<string, DeployInput>();
  for (const { name } of broken) {
    const input = await localInput(files, name);
    if (input !== undefined) local.set(name, input);
  }
  return session.operations.repairsFor(broken, (name) => local.get(name), progress.signal);
}

function looking(broken: readonly Destruction[]): string {
  const names = broken.map(({ name }) => name).join(', ');
  return vscode.l10n.t('Looking for a source of {0} that works', names);
}

async function localInput(files: DoFiles, name: string): Promise<DeployInput | undefined> {
  const file = files.byName(name);
  if (file?.accessMode === undefined) return undefined;
  try {
    return { name, code: await readSource(file.uri), accessMode: file.accessMode };
  } catch (error) {
    logError(toError(error), 'reading a file for a repair');
    return undefined;
  }
}
