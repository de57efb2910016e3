import * as vscode from 'vscode';
import type { HistoryEntry } from '../../../operations/history/entry.ts';
import { formatTime } from '../../format.ts';
import type { Parts } from '../../parts.ts';
import { entryItem, historicEntries, historicTarget, type HistoricTarget } from '../historyTarget.ts';
import { entryNodes } from '../historyNodes.ts';
import { historicUri } from '../historicUri.ts';
import { COMMANDS, run } from '../../ids.ts';

/** Opens a source of the history, read-only. */
export function openHistoricSourceCommand(parts: Parts): (arg?: unknown) => Promise<void> {
  return async (arg) => {
    const { entry } = await historicTarget(parts, arg, vscode.l10n.t('Open Source of the History'));
    await openHistoric(entry);
  };
}

/** Shows the sources of a class in a list: Enter shows what changed with one, its buttons do the rest. */
export function showHistoryCommand(parts: Parts): (arg?: unknown) => Promise<void> {
  return async (arg) => {
    const title = vscode.l10n.t('Deployment History');
    const nodes = entryNodes('', await historicEntries(parts, arg, title));
    const [first] = nodes;
    const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly target: HistoricTarget }>();
    const actions = new Map(ACTIONS().map(([icon, tooltip, id]) => [button(icon, tooltip), id]));
    pick.title = first === undefined ? title : vscode.l10n.t('{0}: Deployment History', first.name);
    pick.placeholder = vscode.l10n.t('Enter shows what changed with it');
    pick.matchOnDescription = true;
    pick.items = nodes.map((target) => ({
      ...entryItem(target.entry),
      target,
      buttons: [...actions.keys()],
    }));
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      pick.hide();
      if (chosen !== undefined) void run(COMMANDS.compareHistoricWithPrevious, chosen.target);
    });
    pick.onDidTriggerItemButton(({ item, button: pressed }) => {
      const id = actions.get(pressed);
      pick.hide();
      if (id !== undefined) void run(id, item.target);
    });
    pick.onDidHide(() => pick.dispose());
    pick.show();
  };
}

export async function openHistoric(entry: HistoryEntry): Promise<void> {
  const document = await vscode.workspace.openTextDocument(historicUri(entry));
  await vscode.window.showTextDocument(document, { preview: true });
}

/** What happened to the source of an entry, in the title of a comparison. */
export function historicLabel(entry: HistoryEntry): string {
  return vscode.l10n.t('{0} of {1}', entry.name, formatTime(entry.at));
}

const ACTIONS = () =>
  [
    ['file-code', vscode.l10n.t('Open Source'), COMMANDS.openHistoricSource],
    ['diff', vscode.l10n.t('Compare with Local File'), COMMANDS.compareHistoricWithLocal],
    ['cloud', vscode.l10n.t('Compare with Deployed'), COMMANDS.compareHistoricWithDeployed],
    ['discard', vscode.l10n.t('Restore…'), COMMANDS.restoreHistoric],
  ] as const;

function button(icon: string, tooltip: string): vscode.QuickInputButton {
  return { iconPath: new vscode.ThemeIcon(icon), tooltip };
}
