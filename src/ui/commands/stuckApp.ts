import * as vscode from 'vscode';
import type { DoError } from '../../core/errors.ts';
import type { StuckState } from '../../core/plan/stuck.ts';
import { supportReport, type StuckFacts } from '../../operations/supportReport.ts';
import { showError } from '../errors.ts';
import { COMMANDS, run } from '../ids.ts';
import type { Parts } from '../parts.ts';
import { redact } from '../redact.ts';
import type { ReadySession } from '../session/session.ts';
import { isStuckNode } from '../tree/nodes.ts';
import type { OtherWay } from './losses.ts';

/** What was said already: a state that does not mend by itself is explained once in a window. */
const said = new Set<string>();

/** Explains a state of the app that does not mend by itself, with what can be done at once. */
export function explainStuckCommand(parts: Parts): (arg?: unknown) => Promise<void> {
  return async (arg) => {
    const session = await parts.session.ready();
    if (isStuckNode(arg)) await explain(parts, session, arg.state);
  };
}

/**
 * Explains the states in which the app is stuck.
 * @param told DO names of which the person is told anyway: what changes, and what would be destroyed
 */
export function explainStuck(
  parts: Parts,
  session: ReadySession,
  states: readonly StuckState[],
  told: readonly string[],
): void {
  for (const state of states) {
    const key = JSON.stringify([session.app.id, state.kind, state.about]);
    if (said.has(key) || state.about.some((name) => told.includes(name))) continue;
    said.add(key);
    void explain(parts, session, state).catch((error: unknown) => showError(error, COMMANDS.explainStuck));
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

async function explain(parts: Parts, session: ReadySession, state: StuckState): Promise<void> {
  const remedies = await remediesOf(parts, session, state);
  const chosen = await vscode.window.showWarningMessage(
    redact(`${state.message} ${state.nextStep}`),
    ...remedies.map(({ title }) => title),
  );
  await remedies.find(({ title }) => title === chosen)?.go();
}

/** What a person can do at once about a state. */
async function remediesOf(
  parts: Parts,
  session: ReadySession,
  { kind, about, message, onlySupport }: StuckState,
): Promise<readonly OtherWay[]> {
  if (onlySupport) {
    const title = vscode.l10n.t('Copy Report for Support');
    return [{ title, go: () => copyReport(session, { code: kind, message }) }];
  }
  const [what = ''] = about;
  switch (kind) {
    case 'rowGone':
      return [{ title: vscode.l10n.t('Restore {0}…', what), go: () => run(COMMANDS.restoreHistoric, what) }];
    case 'blockedByKey':
      return [{ title: vscode.l10n.t('Delete {0}', what), go: () => run(COMMANDS.deleteEnvVar, what) }];
    case 'leftBuilding': {
      await parts.files.all();
      const file = parts.files.byName(what);
      if (file === undefined) return [];
      return [{ title: vscode.l10n.t('Deploy {0}', what), go: () => run(COMMANDS.deploy, file.uri) }];
    }
    case 'blockedByVariable':
    case 'tagLost':
      return [];
  }
}
