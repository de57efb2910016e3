import * as vscode from 'vscode';
import { COMMANDS, register } from '../ids.ts';
import type { Parts } from '../parts.ts';
import { copyInstanceUrlCommand } from './copyInstanceUrl.ts';
import { createAppCommand } from './createApp.ts';
import { deleteEnvVarCommand } from './deleteEnvVar.ts';
import { openInstanceCommand } from './openInstance.ts';
import { refreshCommand } from './refresh.ts';
import { restartLocalCommand } from './restartLocal.ts';
import { restoreStorageCommand } from './restoreStorage.ts';
import { selectAppCommand } from './selectApp.ts';
import { selectConnectionCommand } from './selectConnection.ts';
import { setEnvVarCommand } from './setEnvVar.ts';
import { showLogCommand } from './showLog.ts';
import { signInCommand } from './signIn.ts';
import { signOutCommand } from './signOut.ts';
import { startLocalCommand } from './startLocal.ts';
import { stopLocalCommand } from './stopLocal.ts';

/** Registers the commands of connection, app, environment keys, instances and the embedded platform. */
export function registerConnectionCommands(parts: Parts): vscode.Disposable {
  return vscode.Disposable.from(
    register(COMMANDS.refresh, refreshCommand(parts)),
    register(COMMANDS.selectApp, selectAppCommand(parts)),
    register(COMMANDS.createApp, createAppCommand(parts)),
    register(COMMANDS.selectConnection, selectConnectionCommand(parts)),
    register(COMMANDS.signIn, signInCommand(parts)),
    register(COMMANDS.signOut, signOutCommand(parts)),
    register(COMMANDS.startLocal, startLocalCommand(parts)),
    register(COMMANDS.stopLocal, stopLocalCommand(parts)),
    register(COMMANDS.restartLocal, restartLocalCommand(parts)),
    register(COMMANDS.restoreStorage, restoreStorageCommand(parts)),
    register(COMMANDS.showLog, showLogCommand()),
    register(COMMANDS.copyInstanceUrl, copyInstanceUrlCommand(parts)),
    register(COMMANDS.openInstance, openInstanceCommand(parts)),
    register(COMMANDS.setEnvVar, setEnvVarCommand(parts)),
    register(COMMANDS.deleteEnvVar, deleteEnvVarCommand(parts)),
  );
}
