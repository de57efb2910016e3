import type { EnvProtocol } from '../../webview/protocol/env.ts';
import type { EnvController } from '../panels/envController.ts';
import type { PanelHost } from '../panels/panelHost.ts';

/** Opens the env panel; with a key, its form is filled in for it. */
export function manageEnvCommand(panel: PanelHost<EnvProtocol, EnvController>): (key?: unknown) => void {
  return (key) => {
    const controller = panel.open();
    if (typeof key === 'string') controller.edit(key);
  };
}
