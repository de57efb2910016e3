import fc from 'fast-check';
import { app, brokenApp, printed } from './apps.ts';
import { differences } from './verdicts.ts';

export interface Campaign {
  /** Sources that most often do not parse. */
  readonly broken?: boolean;
  readonly apps: number;
  readonly seed: number;
  /** Kinds of differences after which no more are shrunk. */
  readonly most: number;
}

/** Each kind of difference once, with the smallest app that shows it and what makes it again. */
export async function findDifferences({ apps, seed, most, broken }: Campaign): Promise<string[]> {
  const arbitrary = broken === true ? brokenApp : app;
  const generated = fc.sample(arbitrary, { numRuns: apps, seed });
  const found = await differences(generated);
  const kinds = new Map<string, { readonly index: number; readonly difference: string; count: number }>();
  for (const [index, difference] of found.entries()) {
    if (difference === undefined) continue;
    const kind = kindOf(difference);
    const known = kinds.get(kind);
    if (known) known.count += 1;
    else kinds.set(kind, { index, difference, count: 1 });
  }
  const reports: string[] = [];
  for (const { index, difference, count } of [...kinds.values()].slice(0, most)) {
    reports.push(`${count} of ${apps}: ${await shrunk(arbitrary, seed, index, difference)}`);
  }
  if (kinds.size > most) reports.push(`and ${kinds.size - most} kinds more`);
  return reports;
}

/** Without what differs from app to app. */
function kindOf(difference: string): string {
  return difference
    .replaceAll(/\s+at .*|:\d+|'[^']*'/g, '')
    .replaceAll(/(?:Cannot access |Error: |, )[\w$Ž\\{}]+/g, '')
    .slice(0, 120);
}

/** How often a smaller app is tried. */
const TRIES = 150;

async function shrunk(
  arbitrary: typeof app,
  seed: number,
  index: number,
  difference: string,
): Promise<string> {
  let last = difference;
  let tries = 0;
  const property = fc.asyncProperty(arbitrary, async (smaller) => {
    tries += 1;
    if (tries > TRIES) return;
    const [again] = await differences([smaller]);
    if (again === undefined) return;
    last = again;
    throw new Error(again);
  });
  const { counterexample } = await fc.check(property, { seed, path: String(index), numRuns: index + 1 });
  const [smallest] = counterexample ?? [];
  return `app ${index} of seed ${seed}: ${last}\n${smallest ? printed(smallest) : 'It does not happen again when it is alone.'}`;
}
