import * as vscode from 'vscode';
import type { ItemView } from './itemView.ts';

/** The editor's item for what an element shows. Its command gets the element, as the menus' commands do. */
export function treeItem(view: ItemView, element: unknown): vscode.TreeItem {
  const item = new vscode.TreeItem(view.label, collapsibleState(view));
  item.id = view.id;
  if (view.description !== undefined) item.description = view.description;
  item.tooltip = new vscode.MarkdownString(view.tooltip, true);
  item.iconPath = new vscode.ThemeIcon(
    view.icon.id,
    view.icon.color === undefined ? undefined : new vscode.ThemeColor(view.icon.color),
  );
  item.contextValue = view.contextValue;
  item.accessibilityInformation = { label: view.accessibilityLabel };
  if (view.command !== undefined) {
    item.command = { command: view.command.id, title: view.command.title, arguments: [element] };
  }
  return item;
}

function collapsibleState(view: ItemView): vscode.TreeItemCollapsibleState {
  if (view.collapsible === undefined) return vscode.TreeItemCollapsibleState.None;
  return view.collapsible === 'expanded'
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed;
}
