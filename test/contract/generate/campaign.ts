import { parseArgs } from 'node:util';
import { findDifferences } from './report.ts';

/** Apps between two words about how far it is. */
const STEP = 500;

const { values } = parseArgs({
  options: {
    apps: { type: 'string' },
    seed: { type: 'string' },
    most: { type: 'string' },
    broken: { type: 'boolean', default: false },
  },
});
const apps = wholeNumber('apps', values.apps) ?? 10_000;
const seed = wholeNumber('seed', values.seed) ?? Date.now() % 1_000_000_000;
const most = wholeNumber('most', values.most) ?? 10;

console.log(`${apps} apps from seed ${seed}`);
let kinds = 0;
for (let done = 0; done < apps && kinds < most; done += STEP) {
  const reports = await findDifferences({
    apps: Math.min(STEP, apps - done),
    seed: seed + done,
    most: most - kinds,
    broken: values.broken,
  });
  kinds += reports.length;
  for (const report of reports) console.log(`\n${report}`);
  console.log(`${Math.min(done + STEP, apps)} apps, ${kinds} kinds of differences`);
}
process.exitCode = kinds === 0 ? 0 : 1;

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} takes a whole number, not "${text}".`);
  return Number(text);
}
