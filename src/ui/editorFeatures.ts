import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../core/errors.ts';
import type { DoClassDetail } from '../core/model/app.ts';
import { ClassLenses } from './codelens/classLenses.ts';
import { lazily } from './commands/commands.ts';
import { DeployedSources, registerDeployedSources } from './content/deployedSources.ts';
import { parseDeployedUri } from './content/deployedUri.ts';
import { setContext } from './contextKeys.ts';
import { DeployedOnly } from './diagnostics/deployedOnly.ts';
import { DeployProblems } from './diagnostics/deployProblems.ts';
import { FixAllActions } from './diagnostics/fixAllActions.ts';
import { LintClient } from './diagnostics/lintClient.ts';
import { Linter } from './diagnostics/linter.ts';
import { QuickFixes, registerAskingFixes } from './diagnostics/quickFixes.ts';
import { TypeFixes } from './diagnostics/typeFixes.ts';
import { followRenames } from './files/followRenames.ts';
import type { ForeignSources } from './files/foreignSources.ts';
import { reportManifestProblems } from './files/manifestProblems.ts';
import { registerHistory } from './history/registerHistory.ts';
import { COMMANDS, register } from './ids.ts';
import { registerLanguage } from './language/registerLanguage.ts';
import { log } from './log.ts';
import type { Parts } from './parts.ts';
import { registerRuleDocs } from './ruleDocs.ts';

const TYPESCRIPT: vscode.DocumentSelector = { language: 'typescript' };

/** What checks the files. It starts its worker when there is something to check. */
export function createLinter(parts: Parts, foreign: ForeignSources): Linter {
  const worker = vscode.Uri.joinPath(parts.context.extensionUri, 'dist', 'lint-worker.js').fsPath;
  const deployedOnly = new DeployedOnly(() => parts.session.current);
  return new Linter(parts, new LintClient(worker, { onRestart }), foreign, deployedOnly);
}

/** Everything about the Durable Object files: checks, lenses, templates, deploying, comparing, deleting. */
export function registerEditorFeatures(
  parts: Parts,
  linter: Linter,
  foreign: ForeignSources,
): vscode.Disposable {
  const { context, files, session, state } = parts;
  const problems = new DeployProblems();
  const lenses = new ClassLenses(files, session, state);
  const sources = new DeployedSources((uri) => fetchDeployed(parts, uri));
  const deployTools = { linter, problems, sources, foreign };
  return vscode.Disposable.from(
    problems,
    lenses,
    registerDeployedSources(sources),
    registerAskingFixes(),
    vscode.languages.registerCodeActionsProvider(TYPESCRIPT, new QuickFixes(linter), QuickFixes.metadata),
    vscode.languages.registerCodeActionsProvider(
      TYPESCRIPT,
      new FixAllActions(linter),
      FixAllActions.metadata,
    ),
    vscode.languages.registerCodeActionsProvider(TYPESCRIPT, new TypeFixes(files), TypeFixes.metadata),
    vscode.languages.registerCodeLensProvider(TYPESCRIPT, lenses),
    registerLanguage(parts),
    register(
      COMMANDS.newDurableObject,
      lazily((all) => all.newDurableObjectCommand(parts)),
    ),
    register(
      COMMANDS.deploy,
      lazily((all) => all.deployCommand(parts, deployTools)),
    ),
    register(
      COMMANDS.compareWithDeployed,
      lazily((all) => all.compareWithDeployedCommand(parts, sources)),
    ),
    register(
      COMMANDS.viewDeployedSource,
      lazily((all) => all.viewDeployedSourceCommand(parts, sources)),
    ),
    register(
      COMMANDS.openLocalFile,
      lazily((all) => all.openLocalFileCommand(parts)),
    ),
    register(
      COMMANDS.delete,
      lazily((all) => all.deleteCommand(parts)),
    ),
    register(
      COMMANDS.writeTypes,
      lazily((all) => all.writeTypesCommand(parts)),
    ),
    register(
      COMMANDS.fixAll,
      lazily((all) => all.fixAllCommand(linter)),
    ),
    registerHistory(parts, deployTools),
    registerRuleDocs(context),
    followRenames(files),
    reportManifestProblems(files),
    ...keepActiveFileKey(parts),
  );
}

function onRestart(reason: string): void {
  log().warn(`The checker was started again: ${reason}.`);
}

/** A source that the editor shows again after a reload, as long as its app is the selected one. */
async function fetchDeployed(parts: Parts, uri: vscode.Uri): Promise<DoClassDetail> {
  const { appId, name } = parseDeployedUri(uri);
  const { app, operations } = await parts.session.ready();
  if (app.id === appId) return operations.get(name);
  throw new DoError({
    code: ERROR_CODES.invalidInput,
    message: vscode.l10n.t('It belongs to another app than {0}.', app.name),
    nextStep: vscode.l10n.t('Select that app and open it again.'),
  });
}

/** Keeps the key behind the buttons of the editor title. */
function keepActiveFileKey({ files }: Parts): vscode.Disposable[] {
  const update = (): void => {
    const active = vscode.window.activeTextEditor?.document;
    setContext('butterbaseDO.activeFile', active !== undefined && files.find(active.uri) !== undefined);
  };
  update();
  return [vscode.window.onDidChangeActiveTextEditor(update), files.onDidChange(update)];
}
