import * as vscode from 'vscode';
import type { App } from '../../core/model/app.ts';
import { askChoice, askText, separator, type Choice } from '../dialogs.ts';
import { makeApp } from './platformCheck.ts';
import type { PlatformAddress } from './sessionWorld.ts';

/** Asks which app; `new` when the person wants another one, undefined when they gave up. */
export async function pickApp(
  connectionLabel: string,
  apps: readonly App[] | Promise<readonly App[]>,
  selected: string | undefined,
): Promise<App | 'new' | undefined> {
  const choices = async (): Promise<readonly Choice<App | 'new'>[]> => {
    const sorted = [...(await apps)].sort((a, b) => a.name.localeCompare(b.name));
    return [
      ...sorted.map((app): Choice<App | 'new'> => ({
        label: app.id === selected ? `$(check) ${app.name}` : app.name,
        description: [app.id === selected ? vscode.l10n.t('selected') : '', app.region ?? '']
          .filter((part) => part !== '')
          .join(' · '),
        detail: app.id,
        choice: app,
      })),
      separator(''),
      { label: vscode.l10n.t('$(add) Create App…'), choice: 'new' },
    ];
  };
  return askChoice(
    {
      title: vscode.l10n.t('Select App'),
      placeholder: vscode.l10n.t('App of {0} whose Durable Objects you work on', connectionLabel),
    },
    choices(),
  );
}

/** Asks for a name and makes the app; undefined when the person gave up. What goes wrong stays in the input. */
export async function createAppDialog(
  connectionLabel: string,
  address: PlatformAddress,
): Promise<App | undefined> {
  let made: App | undefined;
  await askText({
    title: vscode.l10n.t('Create App'),
    prompt: vscode.l10n.t(
      'Name of the app on {0}. An app of that name is taken when you have one.',
      connectionLabel,
    ),
    placeholder: 'my-app',
    validate: appNameProblem,
    accept: async (name, signal) => {
      made = await makeApp(address, name.trim(), signal);
    },
  });
  return made;
}

/** The platform's own rule for `POST /init`. */
function appNameProblem(text: string): string | undefined {
  const name = text.trim();
  if (name === '') return vscode.l10n.t('Enter a name.');
  if (name.length > 63) return vscode.l10n.t('A name has at most 63 characters.');
  return /^[a-z0-9][a-z0-9_-]*$/.test(name)
    ? undefined
    : vscode.l10n.t('Use small letters, digits, - and _; begin with a letter or digit.');
}
