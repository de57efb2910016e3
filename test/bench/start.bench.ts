import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser } from '../rig/browser.ts';
import { CodeServer } from '../rig/codeServer.ts';
import { bundleForHost, runInExtensionHost } from '../rig/extensionHost.ts';
import { Workspace } from '../rig/workspace.ts';
import { compare, median } from './compare.ts';
import { packagedExtension } from './packagedExtension.ts';

/** Windows that are opened; the first warms the disk cache and does not count. */
const ROUNDS = 8;
const START_LIMIT_MS = 40;
const STARTUP_CHUNKS = ['extension.js', 'log.js', 'contextKeys.js', 'backendLoader.js'];
const CHUNK_LIMIT_BYTES = 200 * 1024;

const output = mkdtempSync(path.join(os.tmpdir(), 'bbdo-bench-'));
const extension = await packagedExtension();
const folder = await bundleForHost('test/bench/host', ['test/bench/host/start.ts']);
const workspace = await Workspace.sample();
const server = await CodeServer.start({ extension: 'none', env: { BENCH_OUTPUT: output } });
const browser = await launchBrowser();
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    const program = path.join(folder, 'start.js');
    const run = { server, browser, folder: workspace.folder, program, extension };
    await runInExtensionHost({ ...run, limitMs: 60_000 });
  }
} finally {
  await browser.close();
  await server.stop();
  await workspace.remove();
}

const rounds = readdirSync(output)
  .sort()
  .slice(1)
  .map(
    (file) => JSON.parse(readFileSync(path.join(output, file), 'utf8')) as { load: number; activate: number },
  );
const startupBytes = STARTUP_CHUNKS.map((file) => statSync(path.join(extension, 'dist', file)).size);
for (const each of [output, extension]) rmSync(each, { recursive: true, force: true });
console.log(`  load ${median(rounds.map(({ load }) => load)).toFixed(1)} ms`);
console.log(`  activate ${median(rounds.map(({ activate }) => activate)).toFixed(1)} ms`);
compare({
  name: 'extension start, load plus activate (ms)',
  value: median(rounds.map(({ load, activate }) => load + activate)),
  atMost: START_LIMIT_MS,
});
compare({
  name: 'code that is loaded at start-up (bytes)',
  value: startupBytes.reduce((a, b) => a + b),
  atMost: CHUNK_LIMIT_BYTES,
});
