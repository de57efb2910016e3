import * as vscode from 'vscode';
import { toError } from '../../core/errors.ts';
import type { DeployPreview } from '../../operations/previews.ts';
import type { Repair } from '../../operations/repair.ts';
import { isLoopbackOrigin } from '../../platform/origin.ts';
import { errorText, logError } from '../errors.ts';
import { isBrokenManifest } from '../files/manifestProblems.ts';
import { isThere, manifestUri, saveClass, sourcePathOf } from '../files/manifestStore.ts';
import { formatTime } from '../format.ts';
import { COMMANDS, run } from '../ids.ts';
import type { Parts } from '../parts.ts';
import { writeTypesForNewcomer } from '../templates/typeFiles.ts';
import type { Deploy } from './deployQuestions.ts';
import { isBrowserHere } from './externalAddress.ts';
import type { AgreedLosses } from './losses.ts';

/** What became of the files of the folder. None of it undoes the deploy. */
export type Bookkeeping =
  | { readonly kind: 'done' }
  /** The file was deleted while it was deployed. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Writes name and access mode of the deploy into the manifest, and the types that a folder of classes lacks. */
export async function keepBooks(parts: Parts, { file, input }: Deploy): Promise<Bookkeeping> {
  const source = sourcePathOf(file.folder, file.uri);
  if (source === undefined) return { kind: 'done' };
  if (!(await isThere(file.uri))) return { kind: 'gone' };
  try {
    const isKnown = parts.files.find(file.uri) !== undefined;
    await saveClass(file.folder, input.name, { source, accessMode: input.accessMode });
    if (isKnown && !file.inManifest) await writeTypesForNewcomer(parts.context.extensionUri, file);
    return { kind: 'done' };
  } catch (error) {
    logError(error, 'write manifest');
    return { kind: 'failed', error };
  }
}

/** Says that it is deployed, where its instances are, and what is left to do. One message. */
export async function showResult(
  parts: Parts,
  { input, file }: Deploy,
  preview: DeployPreview,
  agreed: AgreedLosses,
  books: Bookkeeping,
): Promise<void> {
  const session = parts.session.current;
  const base = session.kind === 'ready' ? session.instanceBase : undefined;
  // Where that is another address, finding it can take long: the buttons do it when somebody wants it.
  const shown = base === undefined || (isLoopbackOrigin(base) && !isBrowserHere()) ? undefined : base;
  const sentences = [
    ...agreed.repairs.map(broughtBack),
    ...outcome(input.name, preview, agreed),
    ...(shown === undefined ? [] : [vscode.l10n.t('Instances: {0}', `${shown}/_do/${input.name}/…`)]),
    ...leftovers(books),
  ];
  const copy = vscode.l10n.t('Copy URL');
  const open = vscode.l10n.t('Open');
  const openManifest = vscode.l10n.t('Open Manifest');
  const isBroken = books.kind === 'failed' && isBrokenManifest(books.error);
  const buttons = [...(base === undefined ? [] : [copy, open]), ...(isBroken ? [openManifest] : [])];
  const show =
    books.kind === 'done' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const chosen = await show(sentences.join(' '), ...buttons);
  if (chosen === copy) await run(COMMANDS.copyInstanceUrl, input.name);
  if (chosen === open) await run(COMMANDS.openInstance, input.name);
  if (chosen === openManifest) await vscode.window.showTextDocument(manifestUri(file.folder));
}

function broughtBack({ input: { name }, source, at }: Repair): string {
  if (source === 'history' && at !== undefined) {
    return vscode.l10n.t('{0} was brought back first, with its source of {1}.', name, formatTime(at));
  }
  return source === 'file'
    ? vscode.l10n.t('{0} was brought back first, with its file.', name)
    : vscode.l10n.t('{0} was brought back first, with the source that had failed.', name);
}

function outcome(name: string, preview: DeployPreview, { allowDestroy }: AgreedLosses): string[] {
  if (preview.kind === 'create') return [vscode.l10n.t('{0} is deployed.', name)];
  if (allowDestroy.length === 0) {
    return [vscode.l10n.t('{0} is deployed again; what its instances stored is kept.', name)];
  }
  return [
    vscode.l10n.t('{0} is deployed again.', name),
    vscode.l10n.t('What the instances of {0} stored is gone.', allowDestroy.join(', ')),
  ];
}

function leftovers(books: Bookkeeping): string[] {
  switch (books.kind) {
    case 'done':
      return [];
    case 'gone':
      return [vscode.l10n.t('Its file was deleted meanwhile: "View Deployed Source" has the text.')];
    case 'failed':
      return [
        vscode.l10n.t(
          'The manifest could not be written, so the next deploy asks for name and access mode again. {0}',
          isBrokenManifest(books.error) ? errorText(books.error) : toError(books.error).message,
        ),
      ];
  }
}
