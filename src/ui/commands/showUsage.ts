import type { UsageProtocol } from '../../webview/protocol/usage.ts';
import type { PanelHost } from '../panels/panelHost.ts';

/** Opens the usage panel. It connects by itself and says what is missing. */
export function showUsageCommand(panel: PanelHost<UsageProtocol>): () => void {
  return () => {
    panel.open();
  };
}
