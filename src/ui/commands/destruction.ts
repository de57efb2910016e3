import * as vscode from 'vscode';
import type { Destruction } from '../../operations/previews.ts';
import { askText } from '../dialogs.ts';
import { cancelled } from '../progress.ts';
import type { Connection } from '../session/session.ts';

/** What a person chose when a change would destroy stored data. */
export type DestructionChoice =
  /** Class names whose data they agreed to lose, each typed by hand. */
  | { readonly kind: 'destroy'; readonly classNames: readonly string[] }
  /** Another way out was taken, by its title. */
  | { readonly kind: 'wayOut'; readonly title: string };

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
): Promise<DestructionChoice> {
  const names = destroys.map(({ className }) => className).join(', ');
  const destroy = vscode.l10n.t('Destroy Its Data…');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('{0} would destroy all instances of {1} and everything they stored.', what, names),
    { modal: true, detail: detailOf(destroys, connection) },
    ...waysOut,
    destroy,
  );
  if (chosen === undefined) throw cancelled();
  if (chosen !== destroy) return { kind: 'wayOut', title: chosen };
  for (const { className } of destroys) await typeName(className, connection);
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

function detailOf(destroys: readonly Destruction[], connection: Connection): string {
  const reasons = destroys.map(({ name, className, reason }) => `${className} (${name}): ${reason}`);
  return [...reasons, '', fateOfStorage(connection)].join('\n');
}

async function typeName(className: string, connection: Connection): Promise<void> {
  const typed = await askText({
    title: vscode.l10n.t('Destroy {0}', className),
    prompt: vscode.l10n.t('Type {0} to destroy all its instances. {1}', className, fateOfStorage(connection)),
    placeholder: className,
    validate: (text) => (text === className ? undefined : vscode.l10n.t('Type {0} exactly.', className)),
  });
  if (typed !== className) throw cancelled();
}
