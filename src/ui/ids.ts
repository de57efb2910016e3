import * as vscode from 'vscode';
import { showError } from './errors.ts';

/** Every command of the extension; equal to `contributes.commands` in package.json (a unit test compares them). */
export const COMMANDS = {
  newDurableObject: 'butterbaseDO.newDurableObject',
  deploy: 'butterbaseDO.deploy',
  compareWithDeployed: 'butterbaseDO.compareWithDeployed',
  viewDeployedSource: 'butterbaseDO.viewDeployedSource',
  openLocalFile: 'butterbaseDO.openLocalFile',
  delete: 'butterbaseDO.delete',
  copyInstanceUrl: 'butterbaseDO.copyInstanceUrl',
  openInstance: 'butterbaseDO.openInstance',
  refresh: 'butterbaseDO.refresh',
  explainStuck: 'butterbaseDO.explainStuck',
  selectFolder: 'butterbaseDO.selectFolder',
  selectApp: 'butterbaseDO.selectApp',
  createApp: 'butterbaseDO.createApp',
  selectConnection: 'butterbaseDO.selectConnection',
  signIn: 'butterbaseDO.signIn',
  signOut: 'butterbaseDO.signOut',
  startLocal: 'butterbaseDO.startLocal',
  stopLocal: 'butterbaseDO.stopLocal',
  restartLocal: 'butterbaseDO.restartLocal',
  restoreStorage: 'butterbaseDO.restoreStorage',
  showLog: 'butterbaseDO.showLog',
  showUsage: 'butterbaseDO.showUsage',
  manageEnv: 'butterbaseDO.manageEnv',
  setEnvVar: 'butterbaseDO.setEnvVar',
  deleteEnvVar: 'butterbaseDO.deleteEnvVar',
  writeTypes: 'butterbaseDO.writeTypes',
  fixAll: 'butterbaseDO.fixAll',
  showHistory: 'butterbaseDO.showHistory',
  showForeignChange: 'butterbaseDO.showForeignChange',
  openHistoricSource: 'butterbaseDO.openHistoricSource',
  compareHistoricWithPrevious: 'butterbaseDO.compareHistoricWithPrevious',
  compareHistoricWithLocal: 'butterbaseDO.compareHistoricWithLocal',
  compareHistoricWithDeployed: 'butterbaseDO.compareHistoricWithDeployed',
  selectHistoricForCompare: 'butterbaseDO.selectHistoricForCompare',
  compareHistoricWithSelected: 'butterbaseDO.compareHistoricWithSelected',
  restoreHistoric: 'butterbaseDO.restoreHistoric',
  restoreHistoricIntoFile: 'butterbaseDO.restoreHistoricIntoFile',
  exportHistory: 'butterbaseDO.exportHistory',
} as const;

export type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

/** The views; equal to `contributes.views`. */
export const VIEWS = {
  classes: 'butterbaseDO.classes',
  app: 'butterbaseDO.app',
  history: 'butterbaseDO.history',
} as const;

/**
 * Registers a command. What the handler throws is shown once (`showError`) and never reaches the editor,
 * so a handler throws and does not show errors itself.
 */
export function register(id: CommandId, handler: (...args: never[]) => unknown): vscode.Disposable {
  const call = handler as (...args: unknown[]) => unknown;
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      return await call(...args);
    } catch (error) {
      void showError(error, id);
      return undefined;
    }
  });
}

/** Runs one of our commands by its typed id. */
export async function run(id: CommandId, ...args: readonly unknown[]): Promise<void> {
  await vscode.commands.executeCommand(id, ...args);
}
