import * as vscode from 'vscode';
import type { DoError } from '../../core/errors.ts';
import { HOSTED_ORIGIN } from '../../platform/origin.ts';
import type { Connection } from './session.ts';

/** The embedded platform while its origin is not known; it is another one with every start. */
export const LOCAL_CONNECTION: Connection = {
  kind: 'local',
  origin: 'local',
  label: vscode.l10n.t('Local Platform'),
};

export function remoteConnection(origin: string): Connection {
  if (origin === HOSTED_ORIGIN) return { kind: 'remote', origin, label: 'Butterbase' };
  return { kind: 'remote', origin, label: origin.replace(/^https?:\/\//, '') };
}

/** Under which name a workspace remembers what belongs to a connection. */
export function memoryKey(connection: Connection): string {
  return connection.kind === 'local' ? 'local' : connection.origin;
}

/** Whether the platform said that the key is wrong, revoked or expired. */
export function isRejectedKey(error: DoError): boolean {
  return error.status === 401 || /^AUTH_/.test(error.code);
}
