import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser } from '../rig/browser.ts';
import { CodeServer } from '../rig/codeServer.ts';
import { bundleForHost, runInExtensionHost } from '../rig/extensionHost.ts';
import { Workspace } from '../rig/workspace.ts';
import { compare, median } from './compare.ts';
import { packagedExtension } from './packagedExtension.ts';

/** Windows that are opened; the first warms the disk cache and does not count. */
const ROUNDS = 6;
const LIMIT_MS = 1000;

const output = mkdtempSync(path.join(os.tmpdir(), 'bbdo-bench-'));
const extension = await packagedExtension();
const folder = await bundleForHost('test/bench/host', ['test/bench/host/findings.ts']);
const workspace = await Workspace.sample();
await workspace.write('durable-objects/broken.ts', 'export default class Broken {}\n');
const server = await CodeServer.start({ extension: 'none', env: { BENCH_OUTPUT: output } });
const browser = await launchBrowser();
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    const program = path.join(folder, 'findings.js');
    const run = { server, browser, folder: workspace.folder, program, extension };
    await runInExtensionHost({ ...run, limitMs: 60_000 });
  }
} finally {
  await browser.close();
  await server.stop();
  await workspace.remove();
}

const times = readdirSync(output)
  .sort()
  .slice(1)
  .map((file) => (JSON.parse(readFileSync(path.join(output, file), 'utf8')) as { ms: number }).ms);
for (const each of [output, extension]) rmSync(each, { recursive: true, force: true });
compare({
  name: 'first finding after the editor shows a file, cold (ms)',
  value: median(times),
  atMost: LIMIT_MS,
});
