import * as vscode from 'vscode';
import { lazily } from '../commands/commands.ts';
import type { HistoricComparison } from './commands/compareHistoric.ts';
import type { DeployTools } from '../commands/deploy.ts';
import { COMMANDS, register } from '../ids.ts';
import type { Parts } from '../parts.ts';
import { registerHistoricSources } from './historicSources.ts';

/** Registers the documents and the commands of the history. */
export function registerHistory(parts: Parts, tools: DeployTools): vscode.Disposable {
  let comparison: HistoricComparison | undefined;
  return vscode.Disposable.from(
    registerHistoricSources(),
    register(
      COMMANDS.showHistory,
      lazily((all) => all.showHistoryCommand(parts)),
    ),
    register(
      COMMANDS.showForeignChange,
      lazily((all) => all.showForeignChangeCommand(parts)),
    ),
    register(
      COMMANDS.openHistoricSource,
      lazily((all) => all.openHistoricSourceCommand(parts)),
    ),
    register(
      COMMANDS.compareHistoricWithPrevious,
      lazily((all) => all.compareHistoricWithPreviousCommand(parts)),
    ),
    register(
      COMMANDS.compareHistoricWithLocal,
      lazily((all) => all.compareHistoricWithLocalCommand(parts)),
    ),
    register(
      COMMANDS.compareHistoricWithDeployed,
      lazily((all) => all.compareHistoricWithDeployedCommand(parts, tools.sources)),
    ),
    register(
      COMMANDS.selectHistoricForCompare,
      lazily((all) => {
        comparison ??= new all.HistoricComparison(parts);
        return comparison.select.bind(comparison);
      }),
    ),
    register(
      COMMANDS.compareHistoricWithSelected,
      lazily((all) => {
        comparison ??= new all.HistoricComparison(parts);
        return comparison.compare.bind(comparison);
      }),
    ),
    register(
      COMMANDS.restoreHistoric,
      lazily((all) => all.restoreHistoricCommand(parts, tools)),
    ),
    register(
      COMMANDS.restoreHistoricIntoFile,
      lazily((all) => all.restoreHistoricIntoFileCommand(parts)),
    ),
    register(
      COMMANDS.exportHistory,
      lazily((all) => all.exportHistoryCommand(parts)),
    ),
  );
}
