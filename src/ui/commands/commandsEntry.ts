/**
 * What every command does. Built as a chunk of its own, which `commands.ts` loads when the first command is
 * run: nothing of it is needed to start.
 */
export { compareWithDeployedCommand } from './compareWithDeployed.ts';
export { copyInstanceUrlCommand } from './copyInstanceUrl.ts';
export { createAppCommand } from './createApp.ts';
export { deleteCommand } from './delete.ts';
export { deleteEnvVarCommand } from './deleteEnvVar.ts';
export { deployCommand } from './deploy.ts';
export { explainStuckCommand } from './stuckApp.ts';
export { fixAllCommand } from './fixAll.ts';
export { newDurableObjectCommand } from './newDurableObject.ts';
export { openInstanceCommand } from './openInstance.ts';
export { openLocalFileCommand } from './openLocalFile.ts';
export { refreshCommand } from './refresh.ts';
export { restartLocalCommand } from './restartLocal.ts';
export { restoreStorageCommand } from './restoreStorage.ts';
export { selectAppCommand } from './selectApp.ts';
export { selectConnectionCommand } from './selectConnection.ts';
export { selectFolderCommand } from './selectFolder.ts';
export { setEnvVarCommand } from './setEnvVar.ts';
export { showLogCommand } from './showLog.ts';
export { signInCommand } from './signIn.ts';
export { signOutCommand } from './signOut.ts';
export { startLocalCommand } from './startLocal.ts';
export { stopLocalCommand } from './stopLocal.ts';
export { viewDeployedSourceCommand } from './viewDeployedSource.ts';
export { writeTypesCommand } from './writeTypes.ts';
export {
  compareHistoricWithDeployedCommand,
  compareHistoricWithLocalCommand,
  compareHistoricWithPreviousCommand,
  HistoricComparison,
} from '../history/commands/compareHistoric.ts';
export { exportHistoryCommand } from '../history/commands/exportHistory.ts';
export { showForeignChangeCommand } from '../history/commands/foreignChange.ts';
export { openHistoricSourceCommand, showHistoryCommand } from '../history/commands/openHistoric.ts';
export {
  restoreHistoricCommand,
  restoreHistoricIntoFileCommand,
} from '../history/commands/restoreHistoric.ts';
