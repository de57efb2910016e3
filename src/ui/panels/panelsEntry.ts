import * as vscode from 'vscode';
import type { EnvProtocol } from '../../webview/protocol/env.ts';
import type { UsageProtocol } from '../../webview/protocol/usage.ts';
import type { Linter } from '../diagnostics/linter.ts';
import type { Parts } from '../parts.ts';
import { EnvController } from './envController.ts';
import { envDialogs } from './envDialogs.ts';
import { EnvReaders } from './envReaders.ts';
import { PanelHost } from './panelHost.ts';
import { UsageController } from './usageController.ts';

/** The panels of the window. Built as a chunk of its own, which is loaded when the first panel is shown. */
export interface Panels {
  readonly usage: PanelHost<UsageProtocol>;
  readonly env: PanelHost<EnvProtocol, EnvController>;
}

export function createPanels(parts: Parts, linter: Linter): Panels {
  const { extensionUri } = parts.context;
  return {
    usage: new PanelHost<UsageProtocol>(extensionUri, {
      viewType: 'butterbaseDO.usage',
      page: 'usage',
      title: vscode.l10n.t('Usage'),
      retainContextWhenHidden: false,
      connect: (post) => new UsageController(parts, post),
    }),
    env: new PanelHost<EnvProtocol, EnvController>(extensionUri, {
      viewType: 'butterbaseDO.env',
      page: 'env',
      title: vscode.l10n.t('Environment Variables'),
      // A value that is not set yet is a secret and must not be written to the webview's state on disk. The
      // page has to stay alive behind another tab, or the value would be lost.
      retainContextWhenHidden: true,
      connect: (post) => new EnvController(parts, envDialogs, new EnvReaders(parts, linter), post),
    }),
  };
}
