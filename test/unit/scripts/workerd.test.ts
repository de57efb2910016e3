import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireWorkerd } from '../../../scripts/lib/workerd.mjs';

suite('workerd for npm start and npm test', () => {
  let modules: string;

  setup(() => {
    modules = mkdtempSync(join(tmpdir(), 'bb-modules-'));
    mkdirSync(join(modules, '@cloudflare', 'workerd-linux-64'), { recursive: true });
  });

  teardown(() => rmSync(modules, { recursive: true, force: true }));

  test('is there on a system that the lockfile names', () => {
    requireWorkerd({ system: 'linux-x64', modules });
    requireWorkerd();
  });

  test('that the lockfile does not name is asked for, with the place that says how', () => {
    assert.throws(() => requireWorkerd({ system: 'darwin-arm64', modules }), {
      message: /no workerd for darwin-arm64.*CONTRIBUTING\.md.*@cloudflare\/workerd-darwin-arm64/,
    });
  });

  test('that there is not is said to be so', () => {
    assert.throws(() => requireWorkerd({ system: 'win32-arm64', modules }), {
      message: /There is no workerd for win32-arm64.*WSL/,
    });
  });
});
