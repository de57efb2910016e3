import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../../../core/errors.ts';
import type { AccessMode, DoClass } from '../../../core/model/app.ts';
import type { HistoryEntry } from '../../../operations/history/entry.ts';
import { deploySource, type DeployTools } from '../../commands/deploy.ts';
import { askChoice } from '../../dialogs.ts';
import type { DoFile } from '../../files/doFiles.ts';
import { isThere } from '../../files/manifestStore.ts';
import { formatTime } from '../../format.ts';
import type { Parts } from '../../parts.ts';
import { cancelled } from '../../progress.ts';
import { accessWord } from '../../tree/classWords.ts';
import { isDeletedClassNode } from '../../tree/nodes.ts';
import { requireTrust } from '../../trust.ts';
import { historicEntries, historicTarget } from '../historyTarget.ts';
import { historicUri } from '../historicUri.ts';
import { personalHistory } from '../personalHistory.ts';

/** Deploys a source of the history, with the same plan and the same questions as any deploy. No file is changed. */
export function restoreHistoricCommand(parts: Parts, tools: DeployTools): (arg?: unknown) => Promise<void> {
  return async (arg) => {
    requireTrust();
    const title = vscode.l10n.t('Restore');
    const entry = await wantedEntry(parts, arg, title);
    const code = await (await personalHistory()).source(entry.hash);
    const session = await parts.session.ready();
    const rows = await session.operations.list();
    const accessMode = await accessModeOf(entry, rows, title);
    const deployed = await deploySource(parts, tools, {
      file: historicFile(parts, entry),
      session,
      input: { name: entry.name, code, accessMode },
    });
    if (deployed) await offerFile(parts, entry, code);
  };
}

/** Puts a source of the history into the local file of its class, as an edit that can be undone and is not saved. */
export function restoreHistoricIntoFileCommand(parts: Parts): (arg?: unknown) => Promise<void> {
  return async (arg) => {
    requireTrust();
    const entry = await wantedEntry(parts, arg, vscode.l10n.t('Restore into File'));
    await intoFile(parts, entry, await (await personalHistory()).source(entry.hash));
  };
}

/** The entry that is meant; of a class that is gone, the last one that ran. */
async function wantedEntry(parts: Parts, argument: unknown, title: string): Promise<HistoryEntry> {
  if (!isDeletedClassNode(argument)) return (await historicTarget(parts, argument, title)).entry;
  const entries = await historicEntries(parts, argument, title);
  return entries.find(({ status }) => status === 'READY') ?? argument.last;
}

/** What the deploy shows and marks instead of a file of the workspace: the source of the history itself. */
function historicFile(parts: Parts, { name, accessMode, ...rest }: HistoryEntry): DoFile {
  const uri = historicUri({ name, accessMode, ...rest });
  // Whoever restores knows the class: it is not asked for like a file that nobody has deployed before.
  return { uri, folder: currentFolder(parts), name, accessMode, inManifest: true };
}

function currentFolder({ folder }: Parts): vscode.WorkspaceFolder {
  if (folder.value !== undefined) return folder.value;
  throw new DoError({
    code: ERROR_CODES.invalidInput,
    message: vscode.l10n.t('No folder is open.'),
    nextStep: vscode.l10n.t('Open the folder of your app, then try again.'),
  });
}

/** That of the class as it is now, or the one of the entry: who may call it must not change unnoticed. */
async function accessModeOf(
  entry: HistoryEntry,
  rows: readonly DoClass[],
  title: string,
): Promise<AccessMode> {
  const now = rows.find(({ name }) => name === entry.name)?.accessMode;
  if (now === undefined || now === entry.accessMode) return entry.accessMode;
  const chosen = await askChoice(
    { title, placeholder: vscode.l10n.t('Who may call {0} from outside?', entry.name) },
    [
      { label: accessWord(now) ?? now, description: vscode.l10n.t('as deployed now'), choice: now },
      {
        label: accessWord(entry.accessMode) ?? entry.accessMode,
        description: vscode.l10n.t('as on {0}', formatTime(entry.at)),
        choice: entry.accessMode,
      },
    ],
  );
  if (chosen === undefined) throw cancelled();
  return chosen;
}

/** After a restore the local file is another source; what to do with it is the person's decision. */
async function offerFile(parts: Parts, entry: HistoryEntry, code: string): Promise<void> {
  await parts.files.all();
  const file = parts.files.byName(entry.name);
  const document = file === undefined ? undefined : await vscode.workspace.openTextDocument(file.uri);
  if (document?.getText() === code) return;
  const restore = vscode.l10n.t('Restore into File');
  const message =
    document === undefined
      ? vscode.l10n.t('{0} has no file in this workspace.', entry.name)
      : vscode.l10n.t('The local file of {0} still has another source.', entry.name);
  // Nobody has to answer: the deploy is done.
  void vscode.window.showInformationMessage(message, restore).then(async (chosen) => {
    if (chosen === restore) await intoFile(parts, entry, code);
  });
}

async function intoFile(parts: Parts, entry: HistoryEntry, code: string): Promise<void> {
  await parts.files.all();
  const uri =
    parts.files.byName(entry.name)?.uri ??
    vscode.Uri.joinPath(currentFolder(parts).uri, 'durable-objects', `${entry.name}.ts`);
  const edit = new vscode.WorkspaceEdit();
  if (await isThere(uri)) {
    const document = await vscode.workspace.openTextDocument(uri);
    const whole = document.validateRange(new vscode.Range(0, 0, document.lineCount, 0));
    edit.replace(uri, whole, code);
  } else {
    edit.createFile(uri, { contents: new TextEncoder().encode(code) });
  }
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new DoError({
      code: ERROR_CODES.badFile,
      message: vscode.l10n.t('{0} could not be changed.', vscode.workspace.asRelativePath(uri)),
      nextStep: vscode.l10n.t('Open Historic Source shows the text, to copy from.'),
    });
  }
  await vscode.window.showTextDocument(uri, { preview: false });
}
