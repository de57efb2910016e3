import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { node24 } from '../../scripts/lib/node24.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { editorUnderTest, skipAfterFailure } from '../rig/editorUnderTest.ts';
import { Workspace } from '../rig/workspace.ts';

suite('the package', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bbdo-vsix-'));
  const vsix = path.join(folder, 'extension.vsix');

  suiteSetup(function () {
    this.timeout(180_000);
    execFileSync(node24(), ['scripts/package.mjs', '--out', vsix], { cwd: root, stdio: 'pipe' });
  });

  suiteTeardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  suite('installed', () => {
    const editor = editorUnderTest({
      name: 'package',
      extension: { vsix },
      workspace: () => Workspace.sample(),
    });
    skipAfterFailure();

    test('holds only what runs, and workerd once', () => {
      const extensions = path.join(editor.server.folder, 'extensions');
      const name = readdirSync(extensions).find((entry) => entry.startsWith('butterbase-community.'));
      assert.ok(name !== undefined);
      const installed = path.join(extensions, name);
      const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((file) =>
        statSync(path.join(installed, file)).isFile(),
      );
      const unwanted = files.filter((file) =>
        /\.map$|node_modules|^(src|test|scripts)\/|(?<!\.d)\.ts$/.test(file),
      );
      assert.deepEqual(unwanted, []);
      const workerd = files.filter((file) => /workerd(\.exe)?$/.test(file));
      assert.deepEqual(workerd, [path.join('dist', 'bin', 'workerd')]);
      assert.notEqual(statSync(path.join(installed, 'dist/bin/workerd')).mode & 0o100, 0);
      assert.ok(files.includes(path.join('docs', 'rules', 'extra-export.md')));
      assert.deepEqual(
        files.filter((file) => file.startsWith('docs') && !file.startsWith(path.join('docs', 'rules'))),
        [],
      );
      const notices = readFileSync(path.join(installed, 'dist/THIRD_PARTY_NOTICES.md'), 'utf8');
      for (const part of ['@cloudflare/workerd-\\S+', 'typescript', 'fastify', 'undici', 'zod', 'uplot']) {
        assert.match(notices, new RegExp(`^## ${part} `, 'm'));
      }
    });

    test('deploys a class without the network', async () => {
      const { window } = editor;
      await window.showView();
      await window.openFile('counter.ts');
      await window.deployActiveFile();
      await window.treeItem(/^Durable Object counter, status ready/).waitFor();
      await window.command('Durable Objects: Copy Instance URL...');
      await window.quick.waitFor('Id of the instance');
      await window.quick.accept();
      const url = await window.untilClipboard(/\/_do\/counter\/main$/);
      assert.deepEqual(await (await fetch(url, { method: 'POST' })).json(), { value: 1 });
    });
  });
});
