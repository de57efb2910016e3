import * as vscode from 'vscode';
import type { DeployPreview } from '../../operations/previews.ts';
import type { DeployInput } from '../../operations/sourceCheck.ts';
import type { DeployedSources } from '../content/deployedSources.ts';
import { deployedUri } from '../content/deployedUri.ts';
import type { DoFile, DoFiles } from '../files/doFiles.ts';
import { removeClass } from '../files/manifestStore.ts';
import { isHistoric } from '../history/historicUri.ts';
import { COMMANDS, run } from '../ids.ts';
import type { ReadySession } from '../session/session.ts';
import { askNameBeside } from './deployBeside.ts';
import { keepClassName, withClassName } from './keepClassName.ts';
import type { ChangeProgress } from './changeProgress.ts';
import { agreeToLosses, type AgreedLosses, type OtherWay } from './losses.ts';

/** How a deploy goes on after a way out. */
export interface Onward {
  /** Deploys the file as it is then, under the same name. */
  readonly again: () => Promise<void>;
  /** Deploys another source, or under another name; whether that is deployed. */
  readonly other: (deploy: Deploy) => Promise<boolean>;
}

/** One deploy on its way: what is sent, from which file, to which app. */
export interface Deploy {
  readonly file: DoFile;
  readonly input: DeployInput;
  readonly session: ReadySession;
}

/** Whether to deploy what is deployed already: that only restarts the classes. */
export async function wantsRedeploy({ input, session }: Deploy): Promise<boolean> {
  const again = vscode.l10n.t('Deploy Again');
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('{0} is deployed in {1} with this source already.', input.name, session.app.name),
    again,
    open,
  );
  if (chosen === open) await run(COMMANDS.openInstance, input.name);
  return chosen === again;
}

/** A class of that name which this folder never deployed belongs to somebody: ask before its code is replaced. */
export async function mayReplace(
  sources: DeployedSources,
  deploy: Deploy,
  preview: DeployPreview,
  progress: ChangeProgress,
): Promise<boolean> {
  const { file, input, session } = deploy;
  const { current } = preview;
  if (file.inManifest || current === undefined || current.code === input.code) return true;
  const replace = vscode.l10n.t('Replace');
  const compare = vscode.l10n.t('Compare');
  const question = vscode.l10n.t(
    '{0} is deployed in {1} already, with another source.',
    input.name,
    session.app.name,
  );
  const detail = [
    vscode.l10n.t('This file was not deployed from this folder before.'),
    ...(preview.destroys.length === 0
      ? [vscode.l10n.t('Replacing it keeps what the instances stored.')]
      : []),
    vscode.l10n.t('The source that is deployed now is saved first.'),
  ].join(' ');
  const chosen = await progress.ask(() =>
    vscode.window.showWarningMessage(question, { modal: true, detail }, replace, compare),
  );
  if (chosen === compare) {
    const uri = deployedUri(session.app, input.name);
    sources.set(uri, current);
    const title = vscode.l10n.t('{0}: deployed in {1} ↔ local file', input.name, session.app.name);
    await vscode.commands.executeCommand('vscode.diff', uri, file.uri, title);
  }
  return chosen === replace;
}

/** With what the deploy may go on, or the other way that the person wants to go. */
export async function agreedLosses(
  files: DoFiles,
  deploy: Deploy,
  preview: DeployPreview,
  onward: Onward,
  progress: ChangeProgress,
): Promise<AgreedLosses | OtherWay> {
  const what = vscode.l10n.t('Deploying {0}', deploy.input.name);
  const ways = waysAround(files, deploy, preview, onward);
  return agreeToLosses({ files, session: deploy.session, progress }, what, preview.destroys, ways);
}

/** How a deploy with another class name can go on without a loss. */
function waysAround(files: DoFiles, deploy: Deploy, preview: DeployPreview, onward: Onward): OtherWay[] {
  const { input, file } = deploy;
  return preview.destroys.flatMap(({ name, className, cause }) => {
    if (name !== input.name || cause !== 'renamed') return [];
    return [
      {
        title: vscode.l10n.t('Keep the Class Name {0}', className),
        go: async () => {
          // A source of the history cannot be changed: it goes out with the other name.
          const code = isHistoric(file.uri) ? withClassName(input.code, className) : undefined;
          if (code !== undefined) await onward.other({ ...deploy, input: { ...input, code } });
          else if (await keepClassName(file.uri, className)) await onward.again();
        },
      },
      {
        title: vscode.l10n.t('Deploy Beside {0}…', name),
        go: async () => {
          const beside = await askNameBeside(deploy.session, files, name, preview.className);
          const isDeployed = await onward.other({ ...deploy, input: { ...input, name: beside } });
          if (!isDeployed || !file.inManifest || isHistoric(file.uri)) return;
          // The file is the source of the new one from now on.
          await removeClass(file.folder, name);
          await files.refresh();
        },
      },
    ];
  });
}
