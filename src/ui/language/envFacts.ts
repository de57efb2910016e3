import * as vscode from 'vscode';
import { INTERNAL_KEYS, type EnvOrigin } from '../../core/language/envKeys.ts';
import { platformKeys } from '../panels/envStrings.ts';

/** Where a key of the environment comes from, in one line. */
export function originText(origin: EnvOrigin, appName: string | undefined): string {
  switch (origin.kind) {
    case 'set':
      return appName === undefined ? vscode.l10n.t('set on the app') : vscode.l10n.t('set on {0}', appName);
    case 'app':
      return appName === undefined
        ? vscode.l10n.t('set for the whole app')
        : vscode.l10n.t('set for all of {0}', appName);
    case 'platform':
      return vscode.l10n.t('from the platform');
    case 'binding':
      return vscode.l10n.t('namespace of {0}', origin.name);
  }
}

/** What a key of the environment is. `isKnown`: whether it is known which keys the app has. */
export function envFacts(
  key: string,
  origin: EnvOrigin | undefined,
  appName: string | undefined,
  isKnown: boolean,
): vscode.MarkdownString | undefined {
  if (origin === undefined) {
    if (!isKnown || !/^[A-Z_][A-Z0-9_]*$/.test(key)) return undefined;
    return sentence(
      key,
      vscode.l10n.t('Not set for this app nor for its Durable Objects, so it is undefined in every class.'),
    );
  }
  return sentence(key, explanation(key, origin, appName));
}

function explanation(key: string, origin: EnvOrigin, appName: string | undefined): string {
  switch (origin.kind) {
    case 'set':
      return vscode.l10n.t(
        'Environment variable, {0}. Its value is write-only: the classes of the app see it, nobody else can read it back.',
        originText(origin, appName),
      );
    case 'app':
      return vscode.l10n.t(
        'Variable of the app, {0}: its functions and its Durable Objects have it. A variable of the Durable Objects with this key takes its place.',
        originText(origin, appName),
      );
    case 'binding':
      return vscode.l10n.t(
        'Namespace of the Durable Object {0}. Call its instances with butterbase.ctx(…).invokeDO, which also keeps count of loops.',
        origin.name,
      );
    case 'platform': {
      const about = platformKeys().find((known) => known.key === key)?.about ?? '';
      return INTERNAL_KEYS.has(key)
        ? vscode.l10n.t('Given by the platform for its own calls, not for yours. {0}', about)
        : vscode.l10n.t('Given to every class by the platform. {0}', about);
    }
  }
}

function sentence(key: string, text: string): vscode.MarkdownString {
  return new vscode.MarkdownString(`\`env.${key}\`\n\n`).appendText(text);
}
