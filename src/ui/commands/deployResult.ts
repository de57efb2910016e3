import * as vscode from 'vscode';
import { toError } from '../../core/errors.ts';
import type { DeployPreview } from '../../operations/previews.ts';
import { errorText, logError } from '../errors.ts';
import { isBrokenManifest } from '../files/manifestProblems.ts';
import { isThere, manifestUri, saveClass, sourcePathOf } from '../files/manifestStore.ts';
import { COMMANDS, run } from '../ids.ts';
import type { Parts } from '../parts.ts';
import type { Deploy } from './deployQuestions.ts';

/** Writes name and access mode of the deploy; when that fails, what shows it is returned: the deploy stands. */
export async function writeManifest({ file, input }: Deploy): Promise<(() => Promise<void>) | undefined> {
  const source = sourcePathOf(file.folder, file.uri);
  if (source === undefined) return undefined;
  try {
    await saveClass(file.folder, input.name, { source, accessMode: input.accessMode });
    return undefined;
  } catch (error) {
    logError(error, 'write manifest');
    return async () => {
      const open = vscode.l10n.t('Open Manifest');
      const chosen = await vscode.window.showWarningMessage(
        vscode.l10n.t(
          '{0} is deployed, but the manifest could not be written, so the next deploy asks for name and access mode again. {1}',
          input.name,
          isBrokenManifest(error) ? errorText(error) : toError(error).message,
        ),
        ...(isBrokenManifest(error) ? [open] : []),
      );
      if (chosen === open) await vscode.window.showTextDocument(manifestUri(file.folder));
    };
  }
}

/** Says that it is deployed, and where its instances are. */
export async function showResult(
  parts: Parts,
  { input, file }: Deploy,
  preview: DeployPreview,
): Promise<void> {
  const session = parts.session.current;
  const base = session.kind === 'ready' ? session.instanceBase : undefined;
  const copy = vscode.l10n.t('Copy URL');
  const open = vscode.l10n.t('Open');
  const address = base === undefined ? undefined : `${base}/_do/${input.name}/…`;
  const text =
    preview.kind === 'create'
      ? vscode.l10n.t('{0} is deployed.', input.name)
      : vscode.l10n.t('{0} is deployed again; what its instances stored is kept.', input.name);
  const gone = (await isThere(file.uri))
    ? ''
    : vscode.l10n.t(' Its file was deleted meanwhile: "View Deployed Source" has the text.');
  const chosen = await vscode.window.showInformationMessage(
    address === undefined ? `${text}${gone}` : vscode.l10n.t('{0} Instances: {1}', `${text}${gone}`, address),
    ...(address === undefined ? [] : [copy, open]),
  );
  if (chosen === copy) await run(COMMANDS.copyInstanceUrl, input.name);
  if (chosen === open) await run(COMMANDS.openInstance, input.name);
}
