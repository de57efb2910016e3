import * as vscode from 'vscode';
import type { App } from '../../core/model/app.ts';

/** Scheme of the read-only documents with deployed sources. */
export const DEPLOYED_SCHEME = 'butterbase-do';

/**
 * The address of a deployed source. Its file name is what the editor shows as title, its query what is meant:
 * `butterbase-do:/my-app/counter (deployed in my-app).ts?app=app_1&name=counter`.
 */
export function deployedUri(app: App, name: string): vscode.Uri {
  const appName = app.name.replaceAll('/', '-');
  return vscode.Uri.from({
    scheme: DEPLOYED_SCHEME,
    path: `/${appName}/${vscode.l10n.t('{0} (deployed in {1})', name, appName)}.ts`,
    query: new URLSearchParams({ app: app.id, name }).toString(),
  });
}

/** The parts of such an address. */
export function parseDeployedUri(uri: vscode.Uri): { readonly appId: string; readonly name: string } {
  const query = new URLSearchParams(uri.query);
  return { appId: query.get('app') ?? '', name: query.get('name') ?? '' };
}
