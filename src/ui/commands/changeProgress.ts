import * as vscode from 'vscode';
import { toSignal } from '../progress.ts';

/**
 * Runs a change of the app with a notification. Cancelling aborts the signal and nothing else: the change
 * itself knows whether it was still time, and says so.
 */
export async function withChangeProgress<T>(
  title: string,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_progress, token) => {
      const bridge = toSignal(token);
      try {
        return await task(bridge.signal);
      } finally {
        bridge.dispose();
      }
    },
  );
}
