import type { RegisterResult } from '../platform/client.ts';
import { afterFailedDeploy } from './aftermath.ts';
import type { Change } from './change.ts';
import type { Look } from './look.ts';
import type { AppOperationsParts } from './parts.ts';
import { sourceHash } from './pending/pendingChanges.ts';
import { planDeployOf } from './planning.ts';
import { refuseDestruction } from './previews.ts';
import { compareDeployed } from './readBack.ts';
import { keepSource, keepSources, sendChange } from './send.ts';
import type { DeployInput } from './sourceCheck.ts';

/**
 * Deploys one class on what was just seen of the app, in the app's turn.
 * @param allowed class names whose stored data may go
 */
export async function deployNow(
  parts: AppOperationsParts,
  change: Change,
  look: Look,
  input: DeployInput,
  allowed: readonly string[],
): Promise<RegisterResult> {
  const { client, app } = parts;
  const preview = await planDeployOf(parts, look, input, change.signal);
  refuseDestruction(preview, allowed);
  await keepSources(parts, look, preview, { replaced: input.name });
  const { className, current } = preview;
  return sendChange(parts, change, look, {
    what: `The deploy of ${input.name}`,
    change: {
      kind: 'deploy',
      name: input.name,
      className,
      accessMode: input.accessMode,
      hash: sourceHash(input.code),
      updatedAt: current?.updatedAt ?? null,
    },
    request: () => client.register(app.id, input),
    aftermath: (error) => afterFailedDeploy(client, app.id, input, current, error),
    redeployed: () => true,
    keep: (status) => keepSource(parts, { ...input, className, status }, 'deployed'),
    compare: (after) => compareDeployed(client, app.id, input, preview, look, after),
  });
}
