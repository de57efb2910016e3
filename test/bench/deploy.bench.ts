import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildModule, type BuiltModule } from '../../src/core/bundle/buildModule.ts';
import { findWorkerd } from '../../src/local/workerdBinary.ts';
import { BareWorkerd } from './bareWorkerd.ts';
import { compare, median } from './compare.ts';
import { EmbeddedPlatform } from './embeddedPlatform.ts';
import { threeClasses } from './threeClasses.ts';
import { WranglerDev } from './wranglerDev.ts';

/** One class of three changes: how long until an instance answers with the new code? */

const WARM_UP_ROUNDS = 3;
const ROUNDS = 15;

const root = path.resolve(import.meta.dirname, '..', '..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bbdo-bench-'));
const wrangler = await WranglerDev.start(path.join(folder, 'wrangler'), threeClasses('0'));
const platform = await EmbeddedPlatform.start(path.join(folder, 'state'));
const bare = new BareWorkerd(
  findWorkerd({ near: root }),
  path.join(folder, 'bare'),
  moduleOf(threeClasses('0')).classes,
);
const times = { embedded: [] as number[], bare: [] as number[], wrangler: [] as number[] };
try {
  for (const { name, code } of threeClasses('0')) await platform.register(name, code);
  await firstAnswer(wrangler.origin, '0');
  // In turns, so that what else runs on the machine slows all three.
  for (let round = 1; round <= WARM_UP_ROUNDS + ROUNDS; round++) {
    const ms = await oneRound(String(round));
    if (round <= WARM_UP_ROUNDS) continue;
    times.embedded.push(ms.embedded);
    times.bare.push(ms.bare);
    times.wrangler.push(ms.wrangler);
  }
} finally {
  await bare.stop();
  await platform.stop();
  await wrangler.stop();
  fs.rmSync(folder, { recursive: true, force: true });
}
const embedded = median(times.embedded);
const [bareMs, wranglerMs] = [median(times.bare), median(times.wrangler)];
console.log(
  `  embedded platform ${embedded.toFixed(0)} ms, bare workerd ${bareMs.toFixed(0)} ms, wrangler dev ${wranglerMs.toFixed(0)} ms (medians)`,
);
compare({ name: 'deploy, times a bare kill and respawn of workerd', value: embedded / bareMs, atMost: 4 });
compare({ name: 'deploy, times faster than wrangler dev', value: wranglerMs / embedded, atLeast: 3 });

async function oneRound(version: string): Promise<{ embedded: number; bare: number; wrangler: number }> {
  const classes = threeClasses(version);
  const [changed] = classes;
  if (changed === undefined) throw new Error('There is no class to change.');
  const module = moduleOf(classes).code;
  return {
    embedded: await timed(async () => {
      await platform.register(changed.name, changed.code);
      await firstAnswer(platform.origin, version);
    }),
    bare: await timed(async () => {
      await bare.start(module);
      await firstAnswer(`http://127.0.0.1:${bare.port}`, version);
    }),
    wrangler: await timed(async () => {
      wrangler.write(changed);
      await firstAnswer(wrangler.origin, version);
    }),
  };
}

function moduleOf(classes: readonly { name: string; code: string }[]): BuiltModule {
  return buildModule(classes.map((each) => ({ ...each, accessMode: 'public' })));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

/** Asks until the code of this version answers. */
async function firstAnswer(origin: string, version: string): Promise<void> {
  const giveUpAt = performance.now() + 60_000;
  while (performance.now() < giveUpAt) {
    const answer = await fetch(`${origin}/_do/chat-room/lobby/version`)
      .then((response) => response.text())
      .catch(() => '');
    if (answer === version) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`${origin} never answered with version ${version}.`);
}
