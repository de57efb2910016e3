import * as vscode from 'vscode';
import type { Destruction } from '../../operations/previews.ts';
import { askText } from '../dialogs.ts';
import { cancelled } from '../progress.ts';
import type { Connection } from '../session/session.ts';
import type { ChangeProgress } from './changeProgress.ts';

/** What a person chose when a change would destroy stored data. */
export type DestructionChoice =
  /** Class names whose data they agreed to lose, each typed by hand. */
  | { readonly kind: 'destroy'; readonly classNames: readonly string[] }
  /** Another way out was taken, by its title. */
  | { readonly kind: 'wayOut'; readonly title: string };

/** What a person has to know and to choose from before stored data may go. */
export interface LossQuestion {
  /** What would happen, in one sentence. */
  readonly message: string;
  readonly losses: readonly Destruction[];
  /** What becomes of the storage. */
  readonly fate: string;
  /** Titles of the ways to go on without the loss. */
  readonly waysOut: readonly string[];
  /** Title of the way that loses the data. */
  readonly destroy: string;
}

/** Asks it somewhere; resolves to the title that was chosen, undefined when none was. */
export type AskLoss = (question: LossQuestion) => Promise<string | undefined>;

/** Asks in a dialog of the editor. */
export const askLossInDialog: AskLoss = async ({ message, losses, fate, waysOut, destroy }) => {
  const reasons = losses.map(({ name, className, reason }) => `${className} (${name}): ${reason}`);
  const detail = [...reasons, '', fate].join('\n');
  return vscode.window.showWarningMessage(message, { modal: true, detail }, ...waysOut, destroy);
};

/**
 * Explains which classes a change would destroy and why, and asks what to do. To destroy, every class name
 * has to be typed.
 *
 * @param what is being done, as the beginning of a sentence: `Deploying chat-room`
 * @param waysOut titles of other ways to go on
 * @throws DoError `CANCELLED`
 */
export async function askDestruction(
  what: string,
  destroys: readonly Destruction[],
  connection: Connection,
  waysOut: readonly string[],
  ask: AskLoss,
  progress: ChangeProgress,
): Promise<DestructionChoice> {
  const names = destroys.map(({ className }) => className).join(', ');
  const destroy = vscode.l10n.t('Destroy Its Data…');
  const question: LossQuestion = {
    message: vscode.l10n.t('{0} would destroy all instances of {1} and everything they stored.', what, names),
    losses: destroys,
    fate: fateOfStorage(connection),
    waysOut,
    destroy,
  };
  const chosen = await progress.ask(() => ask(question));
  if (chosen === undefined) throw cancelled();
  if (chosen !== destroy) return { kind: 'wayOut', title: chosen };
  for (const { className } of destroys) {
    await progress.ask(() => typeName(className, connection, progress.signal));
  }
  return { kind: 'destroy', classNames: destroys.map(({ className }) => className) };
}

/** What becomes of the storage of a class that is destroyed. */
export function fateOfStorage(connection: Connection): string {
  return connection.kind === 'local'
    ? vscode.l10n.t(
        'The local platform moves the storage to its trash; "Restore Deleted Local Storage" brings it back.',
      )
    : vscode.l10n.t('The platform deletes the storage at once and for good.');
}

async function typeName(className: string, connection: Connection, signal: AbortSignal): Promise<void> {
  const typed = await askText({
    title: vscode.l10n.t('Destroy {0}', className),
    prompt: vscode.l10n.t('Type {0} to destroy all its instances. {1}', className, fateOfStorage(connection)),
    placeholder: className,
    signal,
    validate: (text) => (text === className ? undefined : vscode.l10n.t('Type {0} exactly.', className)),
  });
  if (typed !== className) throw cancelled();
}
