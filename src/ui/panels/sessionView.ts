import * as vscode from 'vscode';
import type { DoError } from '../../core/errors.ts';
import type { Loading, PanelAction, Trouble, Unavailable } from '../../webview/protocol/messages.ts';
import { showError } from '../errors.ts';
import { COMMANDS, run } from '../ids.ts';
import { redact } from '../redact.ts';
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../session/sessionStore.ts';

/** What a panel shows while there is no app: why, and what to do. */
export function viewWithoutApp(session: Exclude<Session, { kind: 'ready' }>): Loading | Unavailable {
  const { l10n } = vscode;
  switch (session.kind) {
    case 'connecting':
      return { kind: 'loading' };
    case 'noFolder':
      return unavailable(
        l10n.t('No folder is open'),
        l10n.t('Open a folder to work with the Durable Objects of an app.'),
        'openFolder',
      );
    case 'untrusted':
      return unavailable(
        l10n.t('This workspace is in Restricted Mode'),
        l10n.t('Trust it to start the embedded platform and to see what your app has there.'),
        'trust',
      );
    case 'stopped':
      return unavailable(
        l10n.t('The embedded platform does not run'),
        session.error === undefined
          ? l10n.t('Start it to see what your app has there. Nothing is lost while it is stopped.')
          : errorSentence(session.error),
        'startLocal',
        ...(session.error === undefined ? [] : (['showLog'] as const)),
      );
    case 'signedOut':
      return unavailable(
        l10n.t('You are signed out of {0}', session.connection.label),
        session.error === undefined
          ? l10n.t('Sign in to see what your app has there.')
          : errorSentence(session.error),
        'signIn',
      );
    case 'noApp':
      return unavailable(
        l10n.t('No app is selected'),
        l10n.t('Select the app of {0} that you want to look at.', session.connection.label),
        'selectApp',
      );
    case 'unreachable':
      return unavailable(
        l10n.t('{0} cannot be reached', session.connection.label),
        errorSentence(session.error),
        'retry',
        'showLog',
      );
  }
}

/** Why what is shown may be old. */
export function troubleOf(error: DoError | undefined): Trouble | undefined {
  if (error === undefined) return undefined;
  return {
    message: vscode.l10n.t('This may be out of date: {0}', redact(error.message)),
    nextStep: redact(error.nextStep),
  };
}

/** Does what a button of a panel without content says. Never rejects: what goes wrong is shown. */
export async function act(session: SessionStore, action: PanelAction): Promise<void> {
  try {
    await perform(session, action);
  } catch (error) {
    void showError(error, `panel: ${action}`);
  }
}

async function perform(session: SessionStore, action: PanelAction): Promise<void> {
  switch (action) {
    case 'retry':
      return session.reconnect();
    case 'openFolder':
      await vscode.commands.executeCommand('vscode.openFolder');
      return;
    case 'trust':
      await vscode.commands.executeCommand('workbench.trust.manage');
      return;
    case 'startLocal':
      return run(COMMANDS.startLocal);
    case 'signIn':
      return run(COMMANDS.signIn);
    case 'selectApp':
      return run(COMMANDS.selectApp);
    case 'showLog':
      return run(COMMANDS.showLog);
  }
}

function unavailable(title: string, detail: string, ...actions: readonly PanelAction[]): Unavailable {
  return {
    kind: 'unavailable',
    title,
    detail,
    actions: actions.map((action) => ({ action, label: actionLabel(action) })),
  };
}

/** Text of a button of a panel. */
export function actionLabel(action: PanelAction): string {
  const { l10n } = vscode;
  switch (action) {
    case 'retry':
      return l10n.t('Try Again');
    case 'openFolder':
      return l10n.t('Open Folder');
    case 'trust':
      return l10n.t('Manage Workspace Trust');
    case 'startLocal':
      return l10n.t('Start Local Platform');
    case 'signIn':
      return l10n.t('Sign In');
    case 'selectApp':
      return l10n.t('Select App');
    case 'showLog':
      return l10n.t('Show Log');
  }
}

function errorSentence(error: DoError): string {
  return redact(`${error.message} ${error.nextStep}`.trim());
}
