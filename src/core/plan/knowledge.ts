import type { ClassStatus, DoClass } from '../model/app.ts';
import { isActiveStatus } from './platformModel.ts';
import { tagRefusalIn, type TagRefusal } from './tagRefusal.ts';

/**
 * What is remembered of an app between changes, because its list does not say it: the classes that the last
 * good upload contained, so that they have storage to lose. It is plain data, made to be kept as JSON.
 */
export interface Knowledge {
  readonly held: readonly HeldClass[];
  /**
   * Classes of uploads whose answer never came: Cloudflare may have them although the platform does not know, so
   * that the removal of the whole script takes them along.
   */
  readonly unheard: readonly HeldClass[];
  /** Names of rows that may hold a class of another name than the row says: they were first seen in ERROR or BUILDING. */
  readonly unsure: readonly string[];
  /** The rows when this was last brought up to date. */
  readonly seen: readonly SeenRow[];
  /** Set while changes fail because the platform's migration tag is not Cloudflare's. */
  readonly tag: (TagRefusal & { readonly times: number }) | null;
  /** Whether Cloudflare said that there is no script to remove. */
  readonly scriptGone: boolean;
}

/** A class that runs with its storage, whether or not a row still says so. */
export interface HeldClass {
  readonly className: string;
  /** DO name that it was deployed under. */
  readonly name: string;
  /** Whether the last good upload surely contained it. */
  readonly certain: boolean;
}

export interface SeenRow {
  readonly name: string;
  readonly className: string;
  readonly status: ClassStatus;
  readonly lastDeployedAt: string | null;
  readonly errorMessage: string | null;
}

/**
 * How a change of ours ended. `unknown`: it was cut off, so that it may have been made or not.
 * `redeployed` is what an env change answers; every other accepted change uploads or removes.
 */
export type ChangeEnd =
  | { readonly kind: 'accepted'; readonly redeployed: boolean }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unknown' };

/** What of a listed row matters here. */
export type ListedRow = Pick<DoClass, 'name' | 'className' | 'status' | 'lastDeployedAt' | 'errorMessage'>;

/** What one look at an app tells. */
export function firstKnowledge(rows: readonly ListedRow[]): Knowledge {
  return {
    held: rows
      .filter((row) => isActiveStatus(row.status) || row.lastDeployedAt !== undefined)
      .map(({ name, className, status }) => ({ name, className, certain: status === 'READY' })),
    unheard: rows.filter(isUnheard).map(asUncertain),
    unsure: rows.filter(({ status }) => status !== 'READY').map(({ name }) => name),
    seen: rows.map(asSeen),
    tag: null,
    scriptGone: false,
  };
}

/** Brings what is known up to date with the app's rows now, after time in which others may have changed it. */
export function observe(known: Knowledge | undefined, rows: readonly ListedRow[]): Knowledge {
  if (known === undefined) return firstKnowledge(rows);
  const before = new Map(known.seen.map((row) => [row.name, row]));
  if (before.size === rows.length && rows.every((row) => sameRow(before.get(row.name), row))) return known;
  const deployed = rows.filter((row) => isNewlyDeployed(before.get(row.name), row));
  const held = new Map<string, HeldClass>();
  for (const each of known.held) {
    if (!isSurelyGone(each, known, rows, deployed)) {
      held.set(each.className, stillHeld(each, before, rows, deployed));
    }
  }
  const unsure = new Set(known.unsure.filter((name) => rows.some((row) => row.name === name)));
  for (const row of rows) {
    const { name, className, status } = row;
    const seen = before.get(name);
    if (status === 'READY') {
      held.set(className, { name, className, certain: true });
      unsure.delete(name);
    } else if (!sameRow(seen, row)) {
      const deployedUnseen = everDeployed(row) && seen?.lastDeployedAt !== row.lastDeployedAt;
      if (deployedUnseen) unsure.add(name);
      const mayBeHeld = deployedUnseen || isActiveStatus(status);
      if (mayBeHeld && !held.has(className)) held.set(className, { name, className, certain: false });
    }
  }
  const works = deployed.length > 0;
  const unheard = rows.filter((row) => isUnheard(row) && !sameRow(before.get(row.name), row));
  return {
    held: [...held.values()],
    unheard: works ? unheard.map(asUncertain) : united(known.unheard, unheard.map(asUncertain)),
    unsure: [...unsure],
    seen: rows.map(asSeen),
    tag: works ? null : known.tag,
    scriptGone: works ? false : known.scriptGone,
  };
}

/**
 * What is known after a change of ours.
 * @param known what was known right before it
 * @param name DO name of the row that it was about; undefined for an env change
 * @param rows the rows as they are after it
 */
export function afterChange(
  known: Knowledge,
  name: string | undefined,
  end: ChangeEnd,
  rows: readonly ListedRow[],
): Knowledge {
  const seen = rows.map(asSeen);
  // What others did meanwhile is judged apart from what the change did to its own row.
  const own = known.seen.filter((row) => row.name === name).map(asListed);
  const others = observe(known, [...rows.filter((row) => row.name !== name), ...own]);
  switch (end.kind) {
    case 'accepted':
      return end.redeployed ? uploaded(known, others, name, rows) : { ...others, seen };
    case 'refused':
      return refused(others, name, end.message, rows);
    case 'unknown':
      return either(uploaded(known, others, name, rows), { ...others, seen });
  }
}

/** The upload contained the active rows, and perhaps what somebody else changed at the same time. */
function uploaded(
  known: Knowledge,
  others: Knowledge,
  name: string | undefined,
  rows: readonly ListedRow[],
): Knowledge {
  const before = new Map(known.seen.map((row) => [row.name, row]));
  const after = new Map(rows.map((row) => [row.name, row]));
  const wasTouched = (held: HeldClass): boolean => {
    const row = after.get(held.name);
    return (
      held.name !== name && (row === undefined ? before.has(held.name) : !sameRow(before.get(held.name), row))
    );
  };
  const held = new Map(
    others.held.filter(wasTouched).map((each) => [each.className, { ...each, certain: false }]),
  );
  for (const row of rows.filter(({ status }) => isActiveStatus(status))) {
    const certain = row.status === 'READY' || sameRow(before.get(row.name), row);
    held.set(row.className, { name: row.name, className: row.className, certain });
  }
  return {
    held: [...held.values()],
    unheard: [],
    unsure: others.unsure.filter((each) => !sameRow(before.get(each), after.get(each))),
    seen: rows.map(asSeen),
    tag: null,
    scriptGone: false,
  };
}

/** Nothing was uploaded: what was held is held, whatever the rows say now. */
function refused(
  known: Knowledge,
  name: string | undefined,
  message: string,
  rows: readonly ListedRow[],
): Knowledge {
  const refusal = tagRefusalIn(message);
  const { tag } = known;
  const times = tag !== null && tag.expected === refusal?.expected ? tag.times + 1 : 1;
  const unheard = rows.filter((row) => row.name === name && isUnheard(row)).map(asUncertain);
  return {
    ...known,
    unheard: united(known.unheard, unheard),
    seen: rows.map(asSeen),
    tag: refusal === undefined ? tag : { ...refusal, times },
    scriptGone: known.scriptGone || message.includes('[10007]'),
  };
}

function either(one: Knowledge, other: Knowledge): Knowledge {
  const surelyIn = (side: Knowledge, name: string): boolean =>
    side.held.some(({ className, certain }) => className === name && certain);
  const held = new Map(
    [...one.held, ...other.held].map((each) => {
      const certain = surelyIn(one, each.className) && surelyIn(other, each.className);
      return [each.className, { ...each, certain }];
    }),
  );
  return { ...other, held: [...held.values()] };
}

/** The platform's words for an upload that Cloudflare did not answer. */
const UNHEARD = 'Failed to deploy Durable Object Worker to Cloudflare';

function isUnheard({ status, errorMessage }: ListedRow): boolean {
  return status === 'ERROR' && errorMessage?.startsWith(UNHEARD) === true;
}

function asUncertain({ name, className }: ListedRow): HeldClass {
  return { name, className, certain: false };
}

function united(some: readonly HeldClass[], more: readonly HeldClass[]): HeldClass[] {
  return [...new Map([...some, ...more].map((each) => [each.className, each])).values()];
}

/** A class whose row went or failed may have gone with a deploy that nobody here saw. */
function stillHeld(
  held: HeldClass,
  before: ReadonlyMap<string, SeenRow>,
  rows: readonly ListedRow[],
  deployed: readonly ListedRow[],
): HeldClass {
  const row = rows.find(({ name }) => name === held.name);
  const seen = before.get(held.name);
  const asBefore = row === undefined ? seen === undefined : sameRow(seen, row);
  return asBefore && deployed.length === 0 ? held : { ...held, certain: false };
}

/**
 * Whether a deploy by others has surely left the class out: its row says that it was deployed under another
 * class name, or its row was gone at the last look, when nothing was under way, and something was deployed since.
 */
function isSurelyGone(
  held: HeldClass,
  known: Knowledge,
  rows: readonly ListedRow[],
  deployed: readonly ListedRow[],
): boolean {
  if (rows.some((row) => isActiveStatus(row.status) && row.className === held.className)) return false;
  const own = rows.find(({ name }) => name === held.name);
  if (own !== undefined) return own.status === 'READY' && deployed.includes(own);
  const wasGone = !known.seen.some(
    ({ name, className }) => name === held.name || className === held.className,
  );
  return wasGone && deployed.length > 0 && !known.seen.some(({ status }) => isUnderWay(status));
}

export function isUnderWay(status: ClassStatus): boolean {
  return status === 'BUILDING' || status === 'PENDING';
}

/** Whether the row tells of a good deploy since it was seen. */
function isNewlyDeployed(seen: SeenRow | undefined, row: ListedRow): boolean {
  if (!everDeployed(row)) return false;
  return seen === undefined ? row.status === 'READY' : seen.lastDeployedAt !== row.lastDeployedAt;
}

function everDeployed(row: ListedRow): boolean {
  return row.lastDeployedAt !== undefined;
}

function sameRow(seen: SeenRow | undefined, row: ListedRow | undefined): boolean {
  if (seen === undefined || row === undefined) return false;
  return (
    seen.className === row.className &&
    seen.status === row.status &&
    seen.lastDeployedAt === (row.lastDeployedAt ?? null) &&
    seen.errorMessage === (row.errorMessage ?? null)
  );
}

function asSeen({ name, className, status, lastDeployedAt, errorMessage }: ListedRow): SeenRow {
  return {
    name,
    className,
    status,
    lastDeployedAt: lastDeployedAt ?? null,
    errorMessage: errorMessage ?? null,
  };
}

function asListed({ lastDeployedAt, errorMessage, ...row }: SeenRow): ListedRow {
  return {
    ...row,
    lastDeployedAt: lastDeployedAt ?? undefined,
    errorMessage: errorMessage ?? undefined,
  };
}
