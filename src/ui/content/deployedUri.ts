import * as vscode from 'vscode';
import type { App } from '../../core/model/app.ts';

/** Scheme of the read-only documents with deployed sources. */
export const DEPLOYED_SCHEME = 'butterbase-do';

/**
 * The address of a deployed source: `butterbase-do:/<app name>/<DO name>.ts?<app id>`. The path is what the
 * editor shows as title.
 */
export function deployedUri(app: App, name: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: DEPLOYED_SCHEME,
    path: `/${app.name.replaceAll('/', '-')}/${name}.ts`,
    query: app.id,
  });
}

/** The parts of such an address. */
export function parseDeployedUri(uri: vscode.Uri): { readonly appId: string; readonly name: string } {
  const file = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  return { appId: uri.query, name: file.replace(/\.ts$/, '') };
}
