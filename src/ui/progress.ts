import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../core/errors.ts';
import type { Disposable } from './disposable.ts';

export interface ProgressOptions {
  readonly title: string;
  /** Default: a notification that can be cancelled. A view shows its bar by `{ viewId }`. */
  readonly location?: vscode.ProgressLocation | { readonly viewId: string };
  /** Default: true for a notification. */
  readonly cancellable?: boolean;
}

/**
 * Runs a task with visible progress. Cancelling aborts `signal`; when the task does not end by itself soon
 * after, the returned promise rejects with `CANCELLED` all the same. A task that ends in time says itself how:
 * it may know that a change was on its way already.
 */
export async function withProgress<T>(
  options: ProgressOptions,
  task: (signal: AbortSignal, report: (message: string) => void) => Promise<T>,
): Promise<T> {
  const location = options.location ?? vscode.ProgressLocation.Notification;
  const cancellable = options.cancellable ?? location === vscode.ProgressLocation.Notification;
  return vscode.window.withProgress(
    { location, title: options.title, cancellable },
    async (progress, token) => {
      const bridge = toSignal(token);
      try {
        const work = task(bridge.signal, (message) => progress.report({ message }));
        return await Promise.race([work, rejectOnAbort(bridge.signal)]);
      } finally {
        bridge.dispose();
      }
    },
  );
}

/** The one place where a CancellationToken becomes an AbortSignal. Dispose it when the work is done. */
export function toSignal(token: vscode.CancellationToken): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort(cancelled());
  const listener = token.onCancellationRequested(() => controller.abort(cancelled()));
  return { signal: controller.signal, dispose: () => listener.dispose() as unknown };
}

/** The error of somebody who cancelled; nothing is shown for it. */
export function cancelled(): DoError {
  return new DoError({ code: ERROR_CODES.cancelled, message: 'Cancelled.', nextStep: '' });
}

/** Milliseconds that a cancelled task has to end by itself. */
const GRACE_MS = 1000;

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => {
      setTimeout(() => reject(cancelled()), GRACE_MS);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
