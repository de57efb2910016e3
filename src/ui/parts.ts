import type * as vscode from 'vscode';
import type { CurrentFolder } from './files/currentFolder.ts';
import type { DoFiles } from './files/doFiles.ts';
import type { AppHistory } from './history/appHistory.ts';
import type { LocalPlatformController } from './local/controller.ts';
import type { AppState } from './session/appState.ts';
import type { InstanceDomains } from './session/instanceDomains.ts';
import type { KeyStore } from './session/keyStore.ts';
import type { SessionStore } from './session/sessionStore.ts';
import type { UsageSample } from './session/usageSamples.ts';

/** What the features of the editor are made from. Built once by `activate`. */
export interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly session: SessionStore;
  readonly state: AppState;
  readonly history: AppHistory;
  readonly files: DoFiles;
  readonly folder: CurrentFolder;
  readonly local: LocalPlatformController;
  readonly keys: KeyStore;
  readonly domains: InstanceDomains;
  /** Samples of the selected app's usage, oldest first; taken with every refresh. */
  readonly usageSamples: readonly UsageSample[];
}
