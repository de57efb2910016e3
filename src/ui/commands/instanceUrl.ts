import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import { parseDomainPattern } from '../../core/model/instanceBase.ts';
import { askText } from '../dialogs.ts';
import type { Parts } from '../parts.ts';
import { memoryKey } from '../session/connections.ts';
import type { ReadySession } from '../session/session.ts';
import { instanceIdProblem, instancePath } from '../session/instanceId.ts';

/**
 * Asks for an instance of a class and gives its URL; the last id of the class is offered. Undefined when the
 * person gave up.
 */
export async function askInstanceUrl(
  parts: Parts,
  session: ReadySession,
  name: string,
  title: string,
): Promise<string | undefined> {
  const base = session.instanceBase ?? (await askBase(parts, session));
  if (base === undefined) return undefined;
  const key = `instance ${memoryKey(session.connection)} ${session.app.id} ${name}`;
  const id = await askText({
    title,
    prompt: vscode.l10n.t(
      'Id of the instance of {0}. Each id is an object of its own; a new id makes one.',
      name,
    ),
    placeholder: 'lobby',
    value: parts.context.workspaceState.get<string>(key) ?? 'main',
    validate: (text) => {
      switch (instanceIdProblem(text)) {
        case 'empty':
          return vscode.l10n.t('Enter an id.');
        case 'slash':
          return vscode.l10n.t('An id has no slash: what follows one is the path that the instance gets.');
        case 'dots':
          return vscode.l10n.t('An address cannot hold this id.');
        case 'encoded':
          return {
            message: vscode.l10n.t(
              'In the URL this id is encoded, and the platform takes it as it stands there.',
            ),
            isWarning: true,
          };
        case undefined:
          return undefined;
      }
    },
  });
  if (id === undefined) return undefined;
  await parts.context.workspaceState.update(key, id.trim());
  return base + instancePath(name, id);
}

/** The address of a self-hosted platform's apps, asked once. Throws DoError when the app can have none. */
async function askBase(parts: Parts, session: ReadySession): Promise<string | undefined> {
  if (session.connection.kind === 'local') {
    await parts.local.refreshApps();
    if (session.instanceBase !== undefined) return session.instanceBase;
    throw noAddress(session.app.name, vscode.l10n.t('Deploy a class of it, then try again.'));
  }
  const { subdomain } = session.app;
  if (subdomain === undefined) {
    throw noAddress(session.app.name, vscode.l10n.t('Give the app a subdomain on its platform.'));
  }
  const text = await askText({
    title: vscode.l10n.t('Domain of the Apps of {0}', session.connection.label),
    prompt: vscode.l10n.t(
      'The apps of a self-hosted platform live under a domain of its own; * stands for the subdomain.',
    ),
    placeholder: 'https://*.apps.example.com',
    validate: (value) =>
      parseDomainPattern(value) === undefined
        ? vscode.l10n.t('Enter a domain such as https://*.apps.example.com.')
        : undefined,
  });
  const pattern = text === undefined ? undefined : parseDomainPattern(text);
  if (pattern === undefined) return undefined;
  await parts.domains.remember(session.connection.origin, pattern);
  return session.instanceBase;
}

function noAddress(app: string, nextStep: string): DoError {
  return new DoError({
    code: ERROR_CODES.invalidInput,
    message: vscode.l10n.t('The instances of {0} have no address yet.', app),
    nextStep,
  });
}
