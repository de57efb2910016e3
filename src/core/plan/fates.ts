import type { DoClass } from '../model/app.ts';
import type { HeldClass, Knowledge } from './knowledge.ts';
import { isActiveStatus } from './platformModel.ts';
import type {
  ClassFate,
  DestroyCause,
  DestroyedFate,
  KeptFate,
  Obstacle,
  PlannedApp,
  PlannedUpload,
  WantedChange,
  WantedDeploy,
  WayOut,
} from './planTypes.ts';

export interface FateInput {
  readonly app: PlannedApp;
  readonly change: WantedChange;
  readonly known: Knowledge;
  /** Undefined when nothing is sent. */
  readonly upload: PlannedUpload | undefined;
  readonly obstacle: Obstacle | undefined;
}

/** One fate for each row and for each class that is destroyed: what the change is about first. */
export function fatesOf(input: FateInput): ClassFate[] {
  const { app, change } = input;
  const own = ownName(change);
  const destroyed = destroyedFates(input);
  const others = app.rows
    .filter(({ name }) => name !== own)
    .map((row) => destroyed.find((fate) => isAbout(fate, row)) ?? keptFate(row, input));
  const ownFates = own === undefined ? [] : fatesOfOwn(input, own, destroyed);
  const listed = [...ownFates, ...others];
  return [...listed, ...destroyed.filter((fate) => !listed.includes(fate))];
}

function ownName(change: WantedChange): string | undefined {
  return change.kind === 'deploy' || change.kind === 'delete' ? change.name : undefined;
}

/** A row stands for its own class; one whose class name changed stands for the class that it had as well. */
function isAbout(fate: DestroyedFate, row: DoClass): boolean {
  return fate.name === row.name && fate.className === row.className;
}

function fatesOfOwn(input: FateInput, own: string, destroyed: readonly DestroyedFate[]): ClassFate[] {
  const { app, change } = input;
  const lost = destroyed.filter(({ name }) => name === own);
  const row = app.rows.find(({ name }) => name === own);
  if (change.kind === 'deploy') return [fateOfDeployed(input, change, row), ...lost];
  if (row === undefined || lost.some((fate) => isAbout(fate, row))) return lost;
  return [fateOfRemoved(row, input), ...lost];
}

function destroyedFates({ app, change, known, upload }: FateInput): DestroyedFate[] {
  const deleted = upload?.deletedClasses ?? [];
  const unheard = known.unheard.filter((one) =>
    known.held.every(({ className }) => className !== one.className),
  );
  return [...known.held, ...unheard]
    .filter(({ className }) => deleted.includes(className))
    .map((held): DestroyedFate => {
      const row = rowOf(held, app.rows);
      const name = row?.name ?? held.name;
      const cause = causeOf({ ...held, name }, row, change);
      return {
        name,
        className: held.className,
        kind: 'destroyed',
        cause,
        certain: held.certain,
        reason: reasonOf({ ...held, name }, row, change, cause),
        waysOut: waysOutOf({ ...held, name }, change, cause, app),
      };
    });
}

/** The row that a held class was deployed under; when that is gone, one that names the same class. */
function rowOf(held: HeldClass, rows: readonly DoClass[]): DoClass | undefined {
  return (
    rows.find(({ name }) => name === held.name) ?? rows.find(({ className }) => className === held.className)
  );
}

function causeOf(held: HeldClass, row: DoClass | undefined, change: WantedChange): DestroyCause {
  if (change.kind === 'delete' && change.name === held.name) return 'deleted';
  if (change.kind === 'deploy' && change.name === held.name) return 'renamed';
  if (row === undefined) return 'rowGone';
  return row.className === held.className ? 'inError' : 'rowRenamed';
}

function reasonOf(
  { name, className, certain }: HeldClass,
  row: DoClass | undefined,
  change: WantedChange,
  cause: DestroyCause,
): string {
  const lost = `all that the instances of ${className} stored is lost`;
  switch (cause) {
    case 'deleted':
      return `You delete ${name}: ${lost}.`;
    case 'renamed': {
      const next = change.kind === 'deploy' ? change.className : className;
      if (row === undefined) {
        return `${name} was deleted while its class ${className} could not be taken out of the worker. With the class ${next} instead, ${lost}.`;
      }
      if (row.className !== className) {
        return `A deploy of ${name} with the class ${row.className} failed, so ${className} still runs. With the class ${next}, ${lost}.`;
      }
      if (!certain) {
        return `The failed deploy of ${name} had the class ${className}. If that class was deployed before it, ${lost} with the class ${next} instead.`;
      }
      return `${name} is deployed with the class ${className}. With the class ${next} instead, ${lost}.`;
    }
    case 'inError': {
      const state = row === undefined || row.status === 'ERROR' ? 'ERROR' : row.status;
      const unless = certain ? '' : ', unless an earlier deploy has removed it already';
      return `${name} is in ${state}, so the platform leaves it out of the next deploy, and ${lost}${unless}. Deploy ${name} first to keep it.`;
    }
    case 'rowRenamed':
      return `The row of ${name} names the class ${row?.className ?? className} since a deploy that did not end well, but ${className} is what runs: the next deploy leaves it out, and ${lost}.`;
    case 'rowGone':
      return certain
        ? `${name} was deleted, but the platform could not take its class ${className} out of the worker. This ends what was begun: ${lost}.`
        : `${name} is no longer listed. If its class ${className} still runs because the platform could not take it out of the worker, ${lost}.`;
  }
}

function waysOutOf(
  { name, className }: HeldClass,
  change: WantedChange,
  cause: DestroyCause,
  { manifest }: PlannedApp,
): WayOut[] {
  if (cause === 'deleted') return [];
  if (cause === 'renamed') {
    const next = change.kind === 'deploy' ? change.className : className;
    return [
      {
        kind: 'keepClassName',
        name,
        className,
        text: `Keep the class name ${className} in the source of ${name}.`,
      },
      {
        kind: 'deployBeside',
        className: next,
        text: `Deploy ${next} as a Durable Object of its own, beside ${name}.`,
      },
    ];
  }
  return [
    {
      kind: 'repair',
      name,
      className,
      source: manifest?.classes[name]?.source,
      text: `Deploy ${name} with the class ${className} first.`,
    },
  ];
}

function fateOfDeployed(
  { app, obstacle }: FateInput,
  change: WantedDeploy,
  row: DoClass | undefined,
): KeptFate {
  const { name, className } = change;
  if (obstacle !== undefined) {
    const reason =
      obstacle.leaves === 'rowInError'
        ? `The deploy of ${name} fails and leaves it in ERROR.`
        : `The deploy of ${name} is refused.`;
    return { name, className, kind: 'failed', reason };
  }
  if (row === undefined) {
    return { name, className, kind: 'created', reason: `${name} is deployed for the first time.` };
  }
  if (isSame(app, change, row) && row.status === 'READY') {
    const reason = `${name} is deployed as it is; its instances restart.`;
    return { name, className, kind: 'unchanged', reason };
  }
  const reason = `${name} is deployed again; its instances restart and their WebSockets drop.`;
  return { name, className, kind: 'updated', reason };
}

function isSame(app: PlannedApp, change: WantedDeploy, row: DoClass): boolean {
  if (change.sameAsDeployed !== undefined) return change.sameAsDeployed;
  const { code, accessMode = row.accessMode } = change;
  return code !== undefined && code === app.sources?.get(row.name) && accessMode === row.accessMode;
}

function fateOfRemoved({ name, className }: DoClass, { app, obstacle }: FateInput): KeptFate {
  if (obstacle !== undefined) {
    return {
      name,
      className,
      kind: 'failed',
      reason: `The row of ${name} is deleted, but its class runs on without it.`,
    };
  }
  const twin = app.rows.find(
    (row) => row.name !== name && row.className === className && isActiveStatus(row.status),
  );
  const reason =
    twin === undefined
      ? `${name} is removed; nothing is stored under it.`
      : `${name} is removed; the class ${className} stays with ${twin.name}.`;
  return { name, className, kind: 'removed', reason };
}

function keptFate({ name, className, status }: DoClass, { upload, change, known }: FateInput): KeptFate {
  const idle = (reason: string): KeptFate => ({ name, className, kind: 'idle', reason });
  if (isActiveStatus(status)) {
    if (upload === undefined) return idle('Nothing is deployed again.');
    const reason = `Instances of ${name} restart; their WebSockets drop.`;
    return { name, className, kind: 'evicted', reason };
  }
  const isHeld = known.held.some((held) => held.className === className);
  if (!isHeld || upload === undefined) return idle(`${name} is not deployed.`);
  const taken = change.kind === 'deploy' && change.className === className;
  return idle(
    taken
      ? `${change.name} takes the class ${className} over.`
      : `Another row deploys the class ${className}.`,
  );
}
