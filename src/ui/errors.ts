import * as vscode from 'vscode';
import { DoError, ERROR_CODES, isCancelled, toError } from '../core/errors.ts';
import { redact } from './redact.ts';
import { log } from './log.ts';

/** A button of an error message: what it says and the command it runs. */
interface Remedy {
  readonly title: string;
  readonly command: string;
  readonly args?: readonly unknown[];
}

/**
 * Shows one message for an error: what happened, what to do, and the next step as a button where it can
 * be one. Causes and stacks go to the log. Shows nothing when somebody cancelled. Never rejects.
 *
 * @param where what was being done, for the log only (a command id or a short phrase).
 */
export async function showError(error: unknown, where: string): Promise<void> {
  if (isCancelled(error)) return;
  logError(error, where);
  const remedies = remediesOf(error);
  const chosen = await vscode.window.showErrorMessage(
    errorText(error),
    ...remedies.map((remedy) => remedy.title),
  );
  const remedy = remedies.find((candidate) => candidate.title === chosen);
  if (remedy !== undefined) await vscode.commands.executeCommand(remedy.command, ...(remedy.args ?? []));
}

/** What a person reads about an error: the sentence, then the next step. Secrets are blanked. */
export function errorText(error: unknown): string {
  if (error instanceof DoError) return redact(`${error.message} ${error.nextStep}`.trim());
  return vscode.l10n.t('Something unexpected went wrong: {0}', redact(toError(error).message));
}

/** Writes an error with its causes to the log, without secrets. */
export function logError(error: unknown, where: string): void {
  // What has a sentence for people is a condition of the world; what has none is a fault of ours.
  log()[error instanceof DoError ? 'warn' : 'error'](redact(`${where}: ${describe(error)}`));
}

function describe(error: unknown): string {
  const parts: string[] = [];
  for (let current = error; current !== undefined && parts.length < 5; current = toError(current).cause) {
    const one = toError(current);
    parts.push(one instanceof DoError ? describeKnown(one) : (one.stack ?? one.message));
  }
  return parts.join('\ncaused by: ');
}

function describeKnown(error: DoError): string {
  const status = error.status === undefined ? '' : ` HTTP ${error.status}`;
  return `[${error.code}${status}] ${error.message} ${error.nextStep}`.trim();
}

function remediesOf(error: unknown): Remedy[] {
  const showLog: Remedy = { title: vscode.l10n.t('Show Log'), command: 'butterbaseDO.showLog' };
  if (!(error instanceof DoError)) return [showLog];
  const more: Remedy[] =
    error.url === undefined
      ? []
      : [{ title: vscode.l10n.t('Learn More'), command: 'vscode.open', args: [vscode.Uri.parse(error.url)] }];
  if (error.status === 401 || /^AUTH_/.test(error.code)) {
    return [{ title: vscode.l10n.t('Sign In'), command: 'butterbaseDO.signIn' }, ...more];
  }
  switch (error.code) {
    case ERROR_CODES.unreachable:
    case ERROR_CODES.timeout:
    case ERROR_CODES.otherRegion:
    case ERROR_CODES.badResponse:
      return [
        { title: vscode.l10n.t('Switch Connection'), command: 'butterbaseDO.selectConnection' },
        ...more,
        showLog,
      ];
    case ERROR_CODES.localPlatform:
      return [{ title: vscode.l10n.t('Try Again'), command: 'butterbaseDO.startLocal' }, ...more, showLog];
    case ERROR_CODES.untrusted:
      return [{ title: vscode.l10n.t('Manage Workspace Trust'), command: 'workbench.trust.manage' }];
    case ERROR_CODES.invalidInput:
    case ERROR_CODES.badFile:
    case ERROR_CODES.badConfig:
      return more;
    default:
      return [...more, showLog];
  }
}
