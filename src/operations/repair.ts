import { DoError } from '../core/errors.ts';
import type { DoClass } from '../core/model/app.ts';
import type { Obstacle, WantedChange } from '../core/plan/planTypes.ts';
import type { Change } from './change.ts';
import { deployNow } from './deployNow.ts';
import { lookAt, preflightOf, type Look } from './look.ts';
import type { AppOperationsParts } from './parts.ts';
import { planOf } from './planning.ts';
import { refuseObstacle, type Destruction } from './previews.ts';
import { checkInput, type DeployInput } from './sourceCheck.ts';

/** With what a class is brought back that the next change would destroy. */
export interface Repair {
  readonly input: DeployInput;
  readonly className: string;
  /** Where the source is from: deployed earlier and good then, the local file, or what failed (it may not be at fault). */
  readonly source: 'history' | 'file' | 'failed';
  /** When the source of the history was deployed, ISO 8601 UTC. */
  readonly at: string | undefined;
}

/** A class cannot be brought back. */
export const NO_REPAIR = 'NO_REPAIR';

/** Sources of the history that are tried for one class. */
const TRIED = 5;

/**
 * How the classes that a change would destroy can be brought back before it. Each is tried in the runtime.
 * @param fileOf the local file of a DO name, as it would be deployed
 * @throws DoError `NO_REPAIR` when one of them cannot, or not without destroying another
 */
export async function findRepairs(
  parts: AppOperationsParts,
  look: Look,
  destroys: readonly Destruction[],
  fileOf: (name: string) => DeployInput | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly Repair[]> {
  const repairs: Repair[] = [];
  for (const { name, className } of destroys) {
    refuseImpossible(look, name, className);
    const repair = await findRepair(parts, look, { name, className }, fileOf(name), signal);
    if (repair === undefined) throw noRepair(name, className);
    repairs.push(repair);
  }
  return repairs;
}

/** Deploys each repair that is still needed. The look afterwards is another one. */
export async function carryOutRepairs(
  parts: AppOperationsParts,
  change: Change,
  repairs: readonly Repair[],
): Promise<void> {
  for (const { input, className } of repairs) {
    const look = await lookAt(parts, change.signal);
    const row = look.rows.find(({ name }) => name === input.name);
    // Somebody was faster.
    if (row?.status === 'READY' && row.className === className) continue;
    await deployNow(parts, change, look, input, []);
  }
}

/** @throws ObstacleError when the change that is wanted after the repairs would be refused all the same */
export function refuseInVain(look: Look, repairs: readonly Repair[], wanted: WantedChange): void {
  const repaired = new Map(repairs.map(({ input, className }) => [input.name, className]));
  const rows = look.rows.map((row): DoClass => {
    const className = repaired.get(row.name);
    return className === undefined ? row : { ...row, className, status: 'READY' };
  });
  refuseObstacle(planOf({ ...look, rows }, wanted));
}

async function findRepair(
  parts: AppOperationsParts,
  look: Look,
  { name, className }: { readonly name: string; readonly className: string },
  file: DeployInput | undefined,
  signal: AbortSignal | undefined,
): Promise<Repair | undefined> {
  const row = look.sources.get(name);
  const candidates: Repair[] = await goodSources(parts, name, className);
  if (file !== undefined) candidates.push({ input: file, className, source: 'file', at: undefined });
  if (row !== undefined) {
    const { code, accessMode } = row;
    candidates.push({ input: { name, code, accessMode }, className, source: 'failed', at: undefined });
  }
  for (const candidate of candidates) {
    if (await wouldLoad(parts, look, candidate, signal)) return candidate;
  }
  return undefined;
}

/** The sources of a class that were READY, newest first, each once. */
async function goodSources(
  { history, app, platform }: AppOperationsParts,
  name: string,
  className: string,
): Promise<Repair[]> {
  const entries = await history.list({ appId: app.id, name, platform });
  const good = entries.filter((entry) => entry.status === 'READY' && entry.className === className);
  const newest = good.filter((entry, index) => good.findIndex(({ hash }) => hash === entry.hash) === index);
  const found = await Promise.all(
    newest.slice(0, TRIED).map(async (entry): Promise<Repair | undefined> => {
      const code = await history.source(entry.hash).catch(() => undefined);
      if (code === undefined) return undefined;
      const input = { name, code, accessMode: entry.accessMode };
      return { input, className, source: 'history', at: entry.at };
    }),
  );
  return found.filter((repair) => repair !== undefined);
}

async function wouldLoad(
  parts: AppOperationsParts,
  look: Look,
  { input, className }: Repair,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const declared = await checkInput(input).catch(() => undefined);
  if (declared !== className) return false;
  return (await preflightOf(parts, look, { deploys: input }, signal)).kind !== 'fails';
}

/** What stands in the way of any repair of a class, whatever its source. */
function refuseImpossible(look: Look, name: string, className: string): void {
  const plan = planOf(look, { kind: 'deploy', name, className, sameAsDeployed: false });
  if (plan.obstacle?.code === 'ENV_BINDING_COLLISION') throw blockedByKey(name, className, plan.obstacle);
  refuseObstacle(plan);
  // An upload brings back one class: with two in ERROR, the repair of one destroys the other.
  const [other] = plan.fates.filter((fate) => fate.kind === 'destroyed');
  if (other === undefined) return;
  throw new DoError({
    code: NO_REPAIR,
    message: `${name} and ${other.name} are both out of what the platform deploys, and it can bring back only one of them at a time: the deploy of one destroys what the other stored.`,
    nextStep:
      'Ask the support of the platform to set the status of both rows to READY. Or agree to lose the data of one of them.',
  });
}

/** With the key no deploy of that name works, and without it the class is left out: but data follows the class name. */
function blockedByKey(name: string, className: string, { message }: Obstacle): DoError {
  return new DoError({
    code: NO_REPAIR,
    message: `${message} And deleting the key uploads the app without ${name}, which destroys what ${className} stored.`,
    nextStep: `Deploy the class ${className} under another name first, such as ${name}-2: the data belongs to the class name and stays. Then delete the key.`,
  });
}

function noRepair(name: string, className: string): DoError {
  return new DoError({
    code: NO_REPAIR,
    message: `${name} cannot be brought back by itself: no source of the class ${className} is known that loads.`,
    nextStep: `Correct the file of ${name} and deploy it, before anything else changes.`,
  });
}
