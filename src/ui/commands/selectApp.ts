import type { Parts } from '../parts.ts';
import { createAppDialog, pickApp } from '../session/appDialog.ts';
import { connectionOf } from '../session/session.ts';
import { requireTrust } from '../trust.ts';

/** Picks the app of the connection, for this workspace. */
export function selectAppCommand(parts: Parts): () => Promise<void> {
  return async () => {
    const { session } = parts;
    const address = await session.address();
    const now = session.current;
    const label = connectionOf(now)?.label ?? address.origin;
    const picked = await pickApp(label, session.apps(), now.kind === 'ready' ? now.app.id : undefined);
    if (picked === 'new') requireTrust();
    const app = picked === 'new' ? await createAppDialog(label, address) : picked;
    if (app !== undefined) await session.useApp(app);
  };
}
