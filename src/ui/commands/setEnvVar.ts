import * as vscode from 'vscode';
import { envKeyMessage, envKeyWarning, envValueMessage } from '../../core/model/envFile.ts';
import { bindingOf } from '../../core/model/names.ts';
import { askText } from '../dialogs.ts';
import type { Parts } from '../parts.ts';
import type { ReadySession } from '../session/session.ts';
import { isEnvKeyNode } from '../tree/nodes.ts';
import { requireTrust } from '../trust.ts';
import { changeEnv } from './envChange.ts';

/** Sets an environment variable of the app: a new one, or the one of a tree element or a given key. */
export function setEnvVarCommand(parts: Parts): (argument?: unknown) => Promise<void> {
  return async (argument) => {
    requireTrust();
    const session = await parts.session.ready();
    const given = isEnvKeyNode(argument) ? argument.key : typeof argument === 'string' ? argument : undefined;
    const steps = given === undefined ? 2 : 1;
    const key = given ?? (await askKey(session));
    if (key === undefined) return;
    const value = await askValue(key, steps);
    if (value === undefined) return;
    await changeEnv(parts, session, {
      change: { kind: 'setEnv', key, value },
      question: vscode.l10n.t('Set {0}?', key),
      verb: vscode.l10n.t('Set and Redeploy'),
      making: vscode.l10n.t('Setting {0}…', key),
      made: vscode.l10n.t('{0} is set.', key),
    });
  };
}

async function askKey(session: ReadySession): Promise<string | undefined> {
  const [rows, keys] = await Promise.all([session.operations.list(), session.operations.listEnv()]);
  const bindings = rows.map(({ name }) => bindingOf(name));
  return askText({
    title: vscode.l10n.t('Set Environment Variable'),
    prompt: vscode.l10n.t('Key that every class of {0} reads from env', session.app.name),
    placeholder: 'MY_SECRET',
    step: 1,
    totalSteps: 2,
    validate: (text) => {
      const problem = envKeyMessage(text, bindings);
      if (problem !== undefined) return problem;
      const warning = keys.includes(text)
        ? vscode.l10n.t('{0} is set already. Its value will be replaced and cannot be read back.', text)
        : envKeyWarning(text);
      return warning === undefined ? undefined : { message: warning, isWarning: true };
    },
  });
}

function askValue(key: string, steps: number): Promise<string | undefined> {
  return askText({
    title: vscode.l10n.t('Set Environment Variable'),
    prompt: vscode.l10n.t('Value of {0}. It can be replaced later, but never read back.', key),
    password: true,
    step: steps,
    totalSteps: steps,
    validate: (text) => envValueMessage(text),
  });
}
