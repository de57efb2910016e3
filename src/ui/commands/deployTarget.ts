import * as vscode from 'vscode';
import type { AccessMode, DoClass } from '../../core/model/app.ts';
import { maskText } from '../codelens/classPosition.ts';
import { askChoice, askText, type Choice } from '../dialogs.ts';
import type { DoFile, DoFiles } from '../files/doFiles.ts';
import { doNameProblem } from '../files/names.ts';
import { cancelled } from '../progress.ts';

/** Under which name a file is deployed, and who may call it. */
export interface DeployTarget {
  readonly name: string;
  readonly accessMode: AccessMode;
}

/**
 * What the manifest says; a file that is not in it is asked about, once: the deploy writes it there.
 *
 * @param rows the classes of the app
 * @throws DoError `CANCELLED`
 */
export async function askTarget(
  file: DoFile,
  code: string,
  rows: readonly DoClass[],
  files: DoFiles,
): Promise<DeployTarget> {
  if (file.inManifest && file.accessMode !== undefined)
    return { name: file.name, accessMode: file.accessMode };
  const name = await askName(file, await files.ofApp());
  const deployed = rows.find((row) => row.name === name);
  return { name, accessMode: await askAccessMode(name, code, deployed?.accessMode) };
}

async function askName(file: DoFile, files: readonly DoFile[]): Promise<string> {
  const others = files.filter((other) => other.inManifest && other.uri.toString() !== file.uri.toString());
  const taken = new Set(others.map((other) => other.name));
  const name = await askText({
    title: vscode.l10n.t('Deploy'),
    prompt: vscode.l10n.t('Name, as in the address of its instances: /_do/<name>/<instance>'),
    placeholder: 'chat-room',
    value: file.name,
    step: 1,
    totalSteps: 2,
    validate: (text) => doNameProblem(text, taken),
  });
  if (name === undefined) throw cancelled();
  return name;
}

async function askAccessMode(
  name: string,
  code: string,
  deployed: AccessMode | undefined,
): Promise<AccessMode> {
  const recommended = deployed ?? (acceptsWebSockets(code) ? 'public' : 'authenticated');
  const choices = [...accessModes()].sort(
    (a, b) => Number(b.choice === recommended) - Number(a.choice === recommended),
  );
  const labelled = choices.map((choice) =>
    choice.choice === recommended ? { ...choice, description: reason(deployed, recommended) } : choice,
  );
  const mode = await askChoice(
    {
      title: vscode.l10n.t('Deploy'),
      placeholder: vscode.l10n.t('Who may call {0} from outside?', name),
      step: 2,
      totalSteps: 2,
    },
    labelled,
  );
  if (mode === undefined) throw cancelled();
  return mode;
}

function reason(deployed: AccessMode | undefined, recommended: AccessMode): string {
  if (deployed !== undefined) return vscode.l10n.t('as deployed now');
  return recommended === 'public'
    ? vscode.l10n.t('recommended: the class accepts WebSockets')
    : vscode.l10n.t('recommended');
}

function accessModes(): readonly (Choice<AccessMode> & { readonly choice: AccessMode })[] {
  return [
    {
      label: 'authenticated',
      iconPath: new vscode.ThemeIcon('lock'),
      detail: vscode.l10n.t('Callers send a token. Browsers cannot send one with a WebSocket.'),
      choice: 'authenticated',
    },
    {
      label: 'public',
      iconPath: new vscode.ThemeIcon('globe'),
      detail: vscode.l10n.t('Everybody may call. Check a token in the class where it matters.'),
      choice: 'public',
    },
    {
      label: 'service_key',
      iconPath: new vscode.ThemeIcon('key'),
      detail: vscode.l10n.t('Only servers and scripts that send a key of the app (bb_sk_…).'),
      choice: 'service_key',
    },
  ];
}

function acceptsWebSockets(code: string): boolean {
  return /\bacceptWebSocket\s*\(|\bWebSocketPair\b/.test(maskText(code));
}
