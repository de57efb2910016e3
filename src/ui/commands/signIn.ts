import { auth } from '../auth/auth.ts';
import type { Parts } from '../parts.ts';
import { remoteConnection } from '../session/connections.ts';
import { readCliSignIn } from '../session/editorWorld.ts';

/** Signs in to a platform, then picks an app when none is known for it. */
export function signInCommand(parts: Parts): () => Promise<void> {
  return async () => {
    const { signInSomewhere } = await auth();
    const origin = await signInSomewhere({ keys: parts.keys, readCli: () => readCliSignIn(parts.folder) });
    if (origin === undefined) return;
    await parts.session.useConnection(remoteConnection(origin));
    await parts.session.ready();
  };
}
