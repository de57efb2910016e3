import { findWorkerd } from '../local/workerdBinary.ts';
import { AppQueue } from '../platform/appQueue.ts';
import { userState } from '../platform/userState.ts';
import { History } from './history/history.ts';
import type { AppOperationsParts } from './parts.ts';
import { PendingChanges } from './pending/pendingChanges.ts';
import { Preflight } from './preflight/preflight.ts';

/** What the operations on all apps of one process share. */
export type OperationTools = Pick<AppOperationsParts, 'queue' | 'history' | 'pending' | 'preflight'>;

export interface OperationToolsOptions {
  /** Home folder of the person. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder from which the workerd binary is looked for, upwards; by default that of the running script. */
  readonly near?: string;
  /** Who changes apps, for the message that others get meanwhile: `VS Code, folder chat`. */
  readonly holder?: string;
}

/** The tools on the folders that the extension and the command line of one person share. */
export function operationTools({ home, env, near, holder }: OperationToolsOptions): OperationTools {
  const { locks, history, pending } = userState(home, env);
  return {
    queue: new AppQueue({ folder: locks, ...(holder === undefined ? {} : { holder }) }),
    history: new History(history),
    pending: new PendingChanges(pending),
    preflight: new Preflight({ workerd: () => findWorkerd(near === undefined ? {} : { near }) }),
  };
}
