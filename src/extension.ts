import * as vscode from 'vscode';
import { registerAuthentication } from './ui/auth/authenticationProvider.ts';
import { registerConnectionCommands } from './ui/commands/connectionCommands.ts';
import { createLinter, registerEditorFeatures } from './ui/editorFeatures.ts';
import { showError } from './ui/errors.ts';
import { CurrentFolder } from './ui/files/currentFolder.ts';
import { DoFiles } from './ui/files/doFiles.ts';
import { followFolder } from './ui/files/followFolder.ts';
import { ForeignSources } from './ui/files/foreignSources.ts';
import { AppHistory } from './ui/history/appHistory.ts';
import { ExplorerHistory } from './ui/history/explorerHistory.ts';
import { Onlooker } from './ui/history/onlooker.ts';
import { VIEWS } from './ui/ids.ts';
import { LocalPlatformController } from './ui/local/controller.ts';
import { log } from './ui/log.ts';
import { registerPanels } from './ui/panels/registerPanels.ts';
import type { Parts } from './ui/parts.ts';
import { AppState } from './ui/session/appState.ts';
import { tellCutOffChanges } from './ui/session/cutOffChanges.ts';
import { editorPrompts } from './ui/session/editorPrompts.ts';
import { editorWorld, readCliSignIn } from './ui/session/editorWorld.ts';
import { InstanceDomains } from './ui/session/instanceDomains.ts';
import { KeyStore } from './ui/session/keyStore.ts';
import { RefreshScheduler } from './ui/session/refreshScheduler.ts';
import { SessionStore } from './ui/session/sessionStore.ts';
import { snapshotMemory } from './ui/session/snapshotMemory.ts';
import { StuckWatch } from './ui/session/stuckWatch.ts';
import { UsageRecorder } from './ui/session/usageRecorder.ts';
import { affectsNetwork } from './ui/settings.ts';
import { StatusBar } from './ui/status/statusBar.ts';
import { AppTree } from './ui/tree/appTree.ts';
import { ClassesTree } from './ui/tree/classesTree.ts';

/** Builds the parts and registers them. Waits for nothing: no disk and no network before somebody looks. */
export function activate(context: vscode.ExtensionContext): void {
  try {
    start(context);
  } catch (error) {
    void showError(error, 'activate');
    throw error;
  }
}

function start(context: vscode.ExtensionContext): void {
  const folder = new CurrentFolder(context.workspaceState);
  const files = new DoFiles(folder);
  const keys = new KeyStore(context);
  const domains = new InstanceDomains(context.globalState);
  const local = new LocalPlatformController(context);
  const prompts = editorPrompts(() => session, keys, folder);
  const world = editorWorld({ context, folder, keys, local, domains, prompts });
  const session = new SessionStore(world);
  const state = new AppState(session, snapshotMemory(context.workspaceState, folder));
  const scheduler = new RefreshScheduler(session, state);
  const onlooker = new Onlooker(context.globalState, () => session.current, state);
  const history = new AppHistory(state, onlooker);
  const usage = new UsageRecorder(context.globalState, session, state);
  const parts: Parts = {
    context,
    session,
    state,
    history,
    files,
    folder,
    local,
    keys,
    domains,
    get log() {
      return log();
    },
    get usageSamples() {
      return usage.samples;
    },
  };
  const foreign = new ForeignSources(context.workspaceState, () => session.current);
  const linter = createLinter(parts, foreign);
  const trouble = new StuckWatch(() => session.current, state);
  const classes = new ClassesTree(session, state, files, folder, history, trouble);
  const app = new AppTree(session, state, local);
  context.subscriptions.push(
    ...[
      folder,
      files,
      keys,
      local,
      world,
      session,
      state,
      history,
      trouble,
      scheduler,
      usage,
      foreign,
      linter,
      classes,
      app,
    ],
    new StatusBar(session, state, files),
    new ExplorerHistory(files, state, history, (isShown) => scheduler.setVisible(VIEWS.history, isShown)),
    watchVisibility(scheduler, classes.view, VIEWS.classes),
    watchVisibility(scheduler, app.view, VIEWS.app),
    local.onDidChange((now) => session.localChanged(now)),
    local.onDidReceive((event) => {
      if (event.type === 'deploy' || event.type === 'state') scheduler.soon();
    }),
    keys.onDidChange((origin) => session.keyChanged(origin)),
    registerAuthentication(keys, () => readCliSignIn(folder)),
    followFolder(folder, files),
    folder.onDidChange(() => session.folderChanged()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => session.environmentChanged()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => session.environmentChanged()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (affectsNetwork(event)) session.networkChanged();
    }),
    registerConnectionCommands(parts),
    tellCutOffChanges(parts),
    registerEditorFeatures(parts, linter, foreign),
    registerPanels(parts, linter),
  );
}

function watchVisibility(
  scheduler: RefreshScheduler,
  view: vscode.TreeView<unknown>,
  id: string,
): vscode.Disposable {
  if (view.visible) scheduler.setVisible(id, true);
  return view.onDidChangeVisibility(({ visible }) => scheduler.setVisible(id, visible));
}
