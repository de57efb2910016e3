import * as vscode from 'vscode';
import { DoError } from '../../core/errors.ts';
import type { DeployedSources } from '../content/deployedSources.ts';
import { deployedUri } from '../content/deployedUri.ts';
import { resolveFile } from '../files/resolveFile.ts';
import type { Parts } from '../parts.ts';

/** Shows what is deployed (left, read-only) beside the local file (right). */
export function compareWithDeployedCommand(
  parts: Parts,
  sources: DeployedSources,
): (arg?: unknown) => Promise<void> {
  return async (arg) => {
    const file = await resolveFile(parts.files, arg, vscode.l10n.t('Compare with Deployed'));
    parts.folder.use(file.folder);
    const session = await parts.session.ready();
    const rows = await session.operations.list();
    if (!rows.some((row) => row.name === file.name)) {
      throw new DoError({
        code: 'NOT_DEPLOYED',
        message: vscode.l10n.t('"{0}" is not deployed in {1}.', file.name, session.app.name),
        nextStep: vscode.l10n.t('Deploy it first; then there is something to compare with.'),
      });
    }
    const uri = deployedUri(session.app, file.name);
    sources.set(uri, await session.operations.get(file.name));
    const title = vscode.l10n.t('{0}: deployed in {1} ↔ local file', file.name, session.app.name);
    await vscode.commands.executeCommand('vscode.diff', uri, file.uri, title, { preview: true });
    parts.history.looked(file.name);
  };
}
