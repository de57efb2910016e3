import type { Parts } from '../parts.ts';

/** Reads the files and the app again; connects anew when there is no connection. Starts nothing that was stopped. */
export function refreshCommand(parts: Parts): () => Promise<void> {
  return async () => {
    await parts.files.refresh();
    if (parts.session.current.kind === 'ready') await parts.state.refresh();
    else await parts.session.reconnect();
  };
}
