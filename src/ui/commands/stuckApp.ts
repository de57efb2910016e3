import * as vscode from 'vscode';
import { toError, type DoError } from '../../core/errors.ts';
import type { StuckState } from '../../core/plan/stuck.ts';
import { supportReport, type StuckFacts } from '../../operations/supportReport.ts';
import { logError } from '../errors.ts';
import { redact } from '../redact.ts';
import type { ReadySession } from '../session/session.ts';

/** What was said already: a state that does not mend by itself is explained once in a window. */
const said = new Set<string>();

/** Explains the states in which the app is stuck and which are not what the person just changes. */
export function explainStuck(session: ReadySession, states: readonly StuckState[], changed: string): void {
  for (const state of states) {
    const key = JSON.stringify([session.app.id, state.kind, state.about]);
    if (said.has(key) || state.about.includes(changed)) continue;
    said.add(key);
    void explain(session, state).catch((error: unknown) =>
      logError(toError(error), 'explaining a stuck app'),
    );
  }
}

/** Puts what the platform's support needs on the clipboard. */
export async function copyReport(
  { app, connection, operations }: ReadySession,
  facts: StuckFacts | DoError,
): Promise<void> {
  const rows = await operations.list().catch(() => []);
  const report = supportReport({ app, platform: connection.origin, rows, facts, at: new Date() });
  await vscode.env.clipboard.writeText(redact(report));
  void vscode.window.showInformationMessage(vscode.l10n.t('The report is on the clipboard.'));
}

async function explain(session: ReadySession, state: StuckState): Promise<void> {
  const copy = vscode.l10n.t('Copy Report for Support');
  const chosen = await vscode.window.showWarningMessage(
    redact(`${state.message} ${state.nextStep}`),
    ...(state.onlySupport ? [copy] : []),
  );
  if (chosen === copy) await copyReport(session, { code: state.kind, message: state.message });
}
