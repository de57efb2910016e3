import * as vscode from 'vscode';
import { toSignal } from '../progress.ts';

/** What accompanies a change from its check to its end, the questions in between included. */
export interface ChangeProgress {
  /** Aborts when the person cancels. */
  readonly signal: AbortSignal;
  /** Shows what is being done now, in place of what was shown before. */
  say(text: string): void;
  /** Asks the person something meanwhile. @throws DoError `CANCELLED` when they cancelled before they answered */
  ask<T>(question: () => PromiseLike<T>): Promise<T>;
}

/** Of a change that is shown elsewhere, and cannot be cancelled. */
export const SHOWN_ELSEWHERE: ChangeProgress = {
  signal: new AbortController().signal,
  say: () => undefined,
  ask: async (question) => question(),
};

/**
 * Runs a change of the app with one notification, so that no cancel is pressed in vain between two of them.
 * Cancelling aborts the signal and nothing else: the change itself knows whether it was still time, and says so.
 *
 * @param text shown at first
 */
export async function withChangeProgress<T>(
  text: string,
  task: (progress: ChangeProgress) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    // A title would stand in front of each text.
    { location: vscode.ProgressLocation.Notification, cancellable: true },
    async (notification, token) => {
      const bridge = toSignal(token);
      const { signal } = bridge;
      const say = (message: string): void => notification.report({ message });
      say(text);
      try {
        return await task({
          signal,
          say,
          ask: async (question) => {
            say(vscode.l10n.t('Waiting for your answer'));
            const answer = await question();
            signal.throwIfAborted();
            return answer;
          },
        });
      } finally {
        bridge.dispose();
      }
    },
  );
}
