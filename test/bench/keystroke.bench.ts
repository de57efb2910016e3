import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser } from '../rig/browser.ts';
import { CodeServer } from '../rig/codeServer.ts';
import { bundleForHost, runInExtensionHost } from '../rig/extensionHost.ts';
import { TYPING_SETTINGS } from '../rig/settings.ts';
import { Workspace } from '../rig/workspace.ts';
import { compare, median } from './compare.ts';

const LIMIT_MS = 1;

const output = mkdtempSync(path.join(os.tmpdir(), 'bbdo-bench-'));
const folder = await bundleForHost('test/bench/host', ['test/bench/host/keystroke.ts']);
const workspace = await Workspace.sample();
const source = readFileSync(workspace.path('durable-objects/chat-room.ts'), 'utf8');
await workspace.write('other/chat-room.ts', source);
const server = await CodeServer.start({
  extension: 'none',
  settings: TYPING_SETTINGS,
  env: { BENCH_OUTPUT: output },
});
const browser = await launchBrowser();
try {
  const run = { server, browser, folder: workspace.folder, program: path.join(folder, 'keystroke.js') };
  await runInExtensionHost({ ...run, limitMs: 180_000 });
} finally {
  await browser.close();
  await server.stop();
  await workspace.remove();
}

const costs = JSON.parse(readFileSync(path.join(output, 'keystroke.json'), 'utf8')) as Record<
  'durableObject' | 'other',
  number[]
>;
rmSync(output, { recursive: true, force: true });
const own = median(costs.durableObject);
const other = median(costs.other);
console.log(
  `  a character costs ${own.toFixed(2)} ms in a Durable Object, ${other.toFixed(2)} ms in another file`,
);
compare({
  name: 'what the extension adds to a character (CPU ms)',
  value: Math.max(0, own - other),
  atMost: LIMIT_MS,
});
