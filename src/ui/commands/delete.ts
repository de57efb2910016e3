import * as vscode from 'vscode';
import type { DoClass } from '../../core/model/app.ts';
import type { DeletePreview } from '../../operations/previews.ts';
import { askText } from '../dialogs.ts';
import { showError } from '../errors.ts';
import { removeClass } from '../files/manifestStore.ts';
import { COMMANDS, run } from '../ids.ts';
import type { TrashItem } from '../local/controller.ts';
import type { Parts } from '../parts.ts';
import { cancelled } from '../progress.ts';
import type { ReadySession } from '../session/session.ts';
import { requireTrust } from '../trust.ts';
import { withChangeProgress } from './changeProgress.ts';
import { deployedTarget } from './classTarget.ts';
import { fateOfStorage } from './destruction.ts';
import { agreeToLosses } from './losses.ts';
import { useFolderOf } from './useFolderOf.ts';

/** Deletes a class with everything that its instances stored, after its name was typed. The file stays. */
export function deleteCommand(parts: Parts): (arg?: unknown) => Promise<void> {
  return async (arg) => {
    requireTrust();
    await useFolderOf(parts, arg);
    const session = await parts.session.ready();
    const row = await deployedTarget(parts, session, arg, vscode.l10n.t('Delete'));
    if (row === undefined) return;
    const preview = await session.operations.previewDelete(row.name);
    await typeName(session, row, preview);
    const before = await trashOf(parts, session, row);
    try {
      await carryOut(parts, session, row, preview);
    } finally {
      void parts.state.refresh();
    }
    const known = new Set(before.map(({ id }) => id));
    const trashed = (await trashOf(parts, session, row)).some(({ id }) => !known.has(id));
    void showResult(parts, session, row, trashed).catch((error: unknown) =>
      showError(error, COMMANDS.delete),
    );
  };
}

async function typeName(session: ReadySession, row: DoClass, preview: DeletePreview): Promise<void> {
  const others = preview.evicts.filter((name) => name !== row.name);
  const consequences = [
    vscode.l10n.t(
      'This destroys every instance of {0} in {1} and everything they stored.',
      row.className,
      session.app.name,
    ),
    fateOfStorage(session.connection),
    vscode.l10n.t('The source is saved first.'),
    ...(others.length === 0 ? [] : [vscode.l10n.t('{0} restarts: WebSockets drop.', others.join(', '))]),
  ].join(' ');
  // What the input says about the text stands in place of the prompt: the warning has to be part of both.
  const prompt = `${consequences} ${vscode.l10n.t('Type {0} to delete it.', row.name)}`;
  const typed = await askText({
    title: vscode.l10n.t('Delete {0}', row.name),
    prompt,
    placeholder: row.name,
    validate: (text) => (text === row.name ? { message: consequences, isWarning: true } : prompt),
  });
  if (typed !== row.name) throw cancelled();
}

/** Asks about each other class that would go with it, and deletes. */
async function carryOut(
  { files }: Parts,
  session: ReadySession,
  row: DoClass,
  preview: DeletePreview,
): Promise<void> {
  const deleting = vscode.l10n.t('Deleting {0} from {1}', row.name, session.app.name);
  await withChangeProgress(deleting, async (progress) => {
    const others = preview.destroys.filter(({ name }) => name !== row.name);
    const what = vscode.l10n.t('Deleting {0}', row.name);
    const { allowDestroy, repairs } = await agreeToLosses({ files, session, progress }, what, others);
    progress.say(deleting);
    const own = preview.current === undefined ? [row.className] : [];
    await session.operations.delete(row.name, {
      allowDestroy: [...own, ...allowDestroy],
      repairs,
      signal: progress.signal,
    });
  });
}

/** What the class left in the trash of the embedded platform; elsewhere there is none. */
async function trashOf(parts: Parts, session: ReadySession, row: DoClass): Promise<readonly TrashItem[]> {
  if (session.connection.kind !== 'local') return [];
  const items = await parts.local.trash();
  return items.filter(({ appId, className }) => appId === session.app.id && className === row.className);
}

async function showResult(
  parts: Parts,
  session: ReadySession,
  row: DoClass,
  trashed: boolean,
): Promise<void> {
  const saved = await session.operations.lastKept(row.name);
  const file = parts.files.byName(row.name);
  const openSaved = vscode.l10n.t('Open Saved Source');
  const removeEntry = vscode.l10n.t('Remove from Manifest');
  const restore = vscode.l10n.t('Restore');
  const canRestore = trashed && file !== undefined;
  const chosen = await vscode.window.showInformationMessage(
    [
      file === undefined
        ? vscode.l10n.t('{0} is deleted. Its source was saved.', row.name)
        : vscode.l10n.t('{0} is deleted. Its file stays; its deployed source was saved.', row.name),
      ...(trashed ? [vscode.l10n.t('What its instances stored is in the trash.')] : []),
      ...(canRestore ? [vscode.l10n.t('"Restore" deploys the file again and brings it back.')] : []),
    ].join(' '),
    ...(canRestore ? [restore] : []),
    ...(saved === undefined ? [] : [openSaved]),
    ...(file?.inManifest === true ? [removeEntry] : []),
  );
  if (chosen === openSaved && saved !== undefined) {
    const document = await vscode.workspace.openTextDocument({ language: 'typescript', content: saved });
    await vscode.window.showTextDocument(document);
  }
  if (chosen === restore && canRestore) {
    // Only a class that is deployed can have storage.
    await run(COMMANDS.deploy, file.uri);
    if ((await session.operations.list()).some(({ name }) => name === row.name)) {
      await run(COMMANDS.restoreStorage);
    }
  }
  if (chosen === removeEntry && file !== undefined) {
    await removeClass(file.folder, row.name);
    await parts.files.refresh();
  }
}
