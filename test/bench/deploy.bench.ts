import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildModule } from '../../src/core/bundle/buildModule.ts';
import { findWorkerd } from '../../src/local/workerdBinary.ts';
import { BareWorkerd } from './bareWorkerd.ts';
import { compare, median } from './compare.ts';
import { EmbeddedPlatform } from './embeddedPlatform.ts';
import { threeClasses } from './threeClasses.ts';
import { WranglerDev } from './wranglerDev.ts';

/** One class of three changes: how long until an instance answers with the new code? */

const WARM_UP_ROUNDS = 3;
const ROUNDS = 15;
const WRANGLER_ROUNDS = 8;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bbdo-bench-'));
try {
  const [embedded, bare] = await measureEmbeddedAndBare();
  const wrangler = await measureWrangler();
  const ms = [embedded, bare, wrangler].map((value) => `${value.toFixed(0)} ms`);
  console.log(`  embedded platform ${ms[0]}, bare workerd ${ms[1]}, wrangler dev ${ms[2]} (medians)`);
  compare({ name: 'deploy, times a bare kill and respawn of workerd', value: embedded / bare, atMost: 4 });
  compare({ name: 'deploy, times faster than wrangler dev', value: wrangler / embedded, atLeast: 3 });
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

/** In turns, so that a busy machine slows both. */
async function measureEmbeddedAndBare(): Promise<[embedded: number, bare: number]> {
  const platform = await EmbeddedPlatform.start(path.join(folder, 'state'));
  const module = (version: string) =>
    buildModule(threeClasses(version).map((each) => ({ ...each, accessMode: 'public' as const })));
  const workerd = new BareWorkerd(
    findWorkerd({ near: path.resolve(import.meta.dirname, '..', '..') }),
    path.join(folder, 'bare'),
    module('0').classes,
  );
  const embeddedTimes: number[] = [];
  const bareTimes: number[] = [];
  try {
    for (const { name, code } of threeClasses('0')) await platform.register(name, code);
    await workerd.start(module('0').code);
    for (let round = 1; round <= WARM_UP_ROUNDS + ROUNDS; round++) {
      const version = String(round);
      const [changed] = threeClasses(version);
      if (changed === undefined) throw new Error('There is no class to change.');
      const { code } = module(version);
      const embedded = await timed(async () => {
        await platform.register(changed.name, changed.code);
        await firstAnswer(platform.origin, version);
      });
      const bare = await timed(async () => {
        await workerd.start(code);
        await firstAnswer(`http://127.0.0.1:${workerd.port}`, version);
      });
      if (round <= WARM_UP_ROUNDS) continue;
      embeddedTimes.push(embedded);
      bareTimes.push(bare);
    }
  } finally {
    await workerd.stop();
    await platform.stop();
  }
  return [median(embeddedTimes), median(bareTimes)];
}

async function measureWrangler(): Promise<number> {
  const wrangler = await WranglerDev.start(path.join(folder, 'wrangler'), threeClasses('0'));
  const times: number[] = [];
  try {
    await firstAnswer(wrangler.origin, '0');
    for (let round = 1; round <= 1 + WRANGLER_ROUNDS; round++) {
      const version = String(round);
      const [changed] = threeClasses(version);
      if (changed === undefined) throw new Error('There is no class to change.');
      const ms = await timed(async () => {
        wrangler.write(changed);
        await firstAnswer(wrangler.origin, version);
      });
      if (round > 1) times.push(ms);
    }
  } finally {
    await wrangler.stop();
  }
  return median(times);
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
