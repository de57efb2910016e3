import * as vscode from 'vscode';
import type { DeployedSources } from '../content/deployedSources.ts';
import { deployedUri } from '../content/deployedUri.ts';
import type { Parts } from '../parts.ts';
import { deployedTarget } from './classTarget.ts';
import { useFolderOf } from './useFolderOf.ts';

/** Opens what is deployed as a read-only document. */
export function viewDeployedSourceCommand(
  parts: Parts,
  sources: DeployedSources,
): (arg?: unknown) => Promise<void> {
  return async (arg) => {
    await useFolderOf(parts, arg);
    const session = await parts.session.ready();
    const title = vscode.l10n.t('View Deployed Source');
    const row = await deployedTarget(parts, session, arg, title);
    if (row === undefined) return;
    const uri = deployedUri(session.app, row.name);
    sources.set(uri, await session.operations.get(row.name));
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
    parts.history.looked(row.name);
    if (row.status === 'ERROR') {
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          'The last deploy of "{0}" failed: this is what was submitted, not what runs.',
          row.name,
        ),
      );
    }
  };
}
