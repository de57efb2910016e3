import * as vscode from 'vscode';
import type { EnvProtocol } from '../../webview/protocol/env.ts';
import type { UsageProtocol } from '../../webview/protocol/usage.ts';
import type { Linter } from '../diagnostics/linter.ts';
import { manageEnvCommand } from '../commands/manageEnv.ts';
import { showUsageCommand } from '../commands/showUsage.ts';
import { COMMANDS, register } from '../ids.ts';
import type { Parts } from '../parts.ts';
import { EnvController } from './envController.ts';
import { envDialogs } from './envDialogs.ts';
import { EnvReaders } from './envReaders.ts';
import { PanelHost } from './panelHost.ts';
import { UsageController } from './usageController.ts';

/** The env and the usage panel with the commands that open them. */
export function registerPanels(parts: Parts, linter: Linter): vscode.Disposable {
  const { extensionUri } = parts.context;
  const usage = new PanelHost<UsageProtocol>(extensionUri, {
    viewType: 'butterbaseDO.usage',
    page: 'usage',
    title: vscode.l10n.t('Usage'),
    retainContextWhenHidden: false,
    connect: (post) => new UsageController(parts, post),
  });
  const env = new PanelHost<EnvProtocol, EnvController>(extensionUri, {
    viewType: 'butterbaseDO.env',
    page: 'env',
    title: vscode.l10n.t('Environment Variables'),
    // A value that is not set yet is a secret and must not be written to the webview's state on disk. The
    // page has to stay alive behind another tab, or the value would be lost.
    retainContextWhenHidden: true,
    connect: (post) => new EnvController(parts, envDialogs, new EnvReaders(parts, linter), post),
  });
  return vscode.Disposable.from(
    usage,
    env,
    register(COMMANDS.showUsage, showUsageCommand(usage)),
    register(COMMANDS.manageEnv, manageEnvCommand(env)),
  );
}
