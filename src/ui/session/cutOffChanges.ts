import * as vscode from 'vscode';
import { toError } from '../../core/errors.ts';
import type { RecoveredChange } from '../../operations/pending/recover.ts';
import { logError } from '../errors.ts';
import { COMMANDS, run } from '../ids.ts';
import type { DoFiles } from '../files/doFiles.ts';
import type { Parts } from '../parts.ts';
import { redact } from '../redact.ts';
import type { ReadySession } from './session.ts';

/** Tells once what became of changes that were cut off, as soon as the app that they were of answers again. */
export function tellCutOffChanges(parts: Pick<Parts, 'session' | 'state' | 'files'>): vscode.Disposable {
  let isLooking = false;
  const look = (): void => {
    const now = parts.session.current;
    if (isLooking || now.kind !== 'ready') return;
    isLooking = true;
    void tell(parts, now)
      .catch((error: unknown) => logError(toError(error), 'looking for cut-off changes'))
      .finally(() => (isLooking = false));
  };
  return vscode.Disposable.from(
    parts.session.onDidChange(look),
    parts.state.onDidChange((snapshot) => {
      if (snapshot !== undefined && snapshot.stale === undefined) look();
    }),
  );
}

async function tell(
  { state, files }: Pick<Parts, 'state' | 'files'>,
  { operations }: ReadySession,
): Promise<void> {
  const found = await operations.recover();
  if (found.length === 0) return;
  void state.refresh();
  void show(files, found).catch((error: unknown) => logError(toError(error), 'telling of cut-off changes'));
}

async function show(files: DoFiles, found: readonly RecoveredChange[]): Promise<void> {
  const text = redact(found.map(({ message, nextStep }) => `${message} ${nextStep}`.trim()).join(' '));
  const isDone = found.every(({ outcome }) => outcome === 'made');
  const message = isDone ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  await files.all();
  const next = nextOf(files, found);
  // A button also makes the editor show the whole text instead of its first line.
  const chosen = await message(text, next.title);
  if (chosen === next.title) await next.go();
}

/** What to do next, or where to look, as a button. */
function nextOf(
  files: DoFiles,
  found: readonly RecoveredChange[],
): { readonly title: string; readonly go: () => Promise<void> } {
  const name = toDeploy(found);
  const file = name === undefined ? undefined : files.byName(name);
  if (name !== undefined && file !== undefined) {
    return { title: vscode.l10n.t('Deploy {0}', name), go: () => run(COMMANDS.deploy, file.uri) };
  }
  const [only, ...others] = found.map(({ pending, outcome }) => ({ ...pending.change, outcome }));
  if (only === undefined || others.length > 0) {
    return { title: vscode.l10n.t('Show Log'), go: () => run(COMMANDS.showLog) };
  }
  if (only.kind === 'setEnv' || only.kind === 'deleteEnv') {
    return { title: vscode.l10n.t('Show Variables'), go: () => run(COMMANDS.manageEnv) };
  }
  return only.kind === 'delete' && only.outcome === 'unclear'
    ? {
        title: vscode.l10n.t('Restore {0}…', only.name),
        go: () => run(COMMANDS.restoreHistoric, only.name),
      }
    : { title: vscode.l10n.t('Show History'), go: () => run(COMMANDS.showHistory, only.name) };
}

/** The one class of which a deploy is the next step. */
function toDeploy(found: readonly RecoveredChange[]): string | undefined {
  const [only, ...others] = found.filter(({ outcome }) => outcome !== 'made');
  if (only === undefined || others.length > 0 || only.pending.change.kind !== 'deploy') return undefined;
  return only.outcome === 'unclear' ? undefined : only.pending.change.name;
}
