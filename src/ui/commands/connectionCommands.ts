import * as vscode from 'vscode';
import { COMMANDS, register } from '../ids.ts';
import type { Parts } from '../parts.ts';
import { lazily } from './commands.ts';

/** Registers the commands of connection, app, environment keys, instances and the embedded platform. */
export function registerConnectionCommands(parts: Parts): vscode.Disposable {
  return vscode.Disposable.from(
    register(
      COMMANDS.refresh,
      lazily((all) => all.refreshCommand(parts)),
    ),
    register(
      COMMANDS.explainStuck,
      lazily((all) => all.explainStuckCommand(parts)),
    ),
    register(
      COMMANDS.selectFolder,
      lazily((all) => all.selectFolderCommand(parts)),
    ),
    register(
      COMMANDS.selectApp,
      lazily((all) => all.selectAppCommand(parts)),
    ),
    register(
      COMMANDS.createApp,
      lazily((all) => all.createAppCommand(parts)),
    ),
    register(
      COMMANDS.selectConnection,
      lazily((all) => all.selectConnectionCommand(parts)),
    ),
    register(
      COMMANDS.signIn,
      lazily((all) => all.signInCommand(parts)),
    ),
    register(
      COMMANDS.signOut,
      lazily((all) => all.signOutCommand(parts)),
    ),
    register(
      COMMANDS.startLocal,
      lazily((all) => all.startLocalCommand(parts)),
    ),
    register(
      COMMANDS.stopLocal,
      lazily((all) => all.stopLocalCommand(parts)),
    ),
    register(
      COMMANDS.restartLocal,
      lazily((all) => all.restartLocalCommand(parts)),
    ),
    register(
      COMMANDS.restoreStorage,
      lazily((all) => all.restoreStorageCommand(parts)),
    ),
    register(
      COMMANDS.showLog,
      lazily((all) => all.showLogCommand()),
    ),
    register(
      COMMANDS.copyInstanceUrl,
      lazily((all) => all.copyInstanceUrlCommand(parts)),
    ),
    register(
      COMMANDS.openInstance,
      lazily((all) => all.openInstanceCommand(parts)),
    ),
    register(
      COMMANDS.setEnvVar,
      lazily((all) => all.setEnvVarCommand(parts)),
    ),
    register(
      COMMANDS.deleteEnvVar,
      lazily((all) => all.deleteEnvVarCommand(parts)),
    ),
  );
}
