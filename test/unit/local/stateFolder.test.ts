import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DoError } from '../../../src/core/errors.ts';
import { makeStateFolder, unusable } from '../../../src/local/stateFolder.ts';

suite('the state folder', () => {
  let folder: string;

  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'bb-state-'));
  });

  teardown(() => rmSync(folder, { recursive: true, force: true }));

  function refusal(path: string): { message: string; nextStep: string } {
    try {
      makeStateFolder(path);
    } catch (error) {
      assert.ok(error instanceof DoError, String(error));
      return error;
    }
    throw new Error('It was made.');
  }

  test('is made with those above it, for its owner only', () => {
    const deep = join(folder, 'a', 'b', 'c');
    makeStateFolder(deep);
    makeStateFolder(deep);
    if (process.platform !== 'win32') assert.equal(statSync(deep).mode & 0o777, 0o700);
  });

  test('that is a file, or below one, is said to be one', () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'mine');
    for (const path of [file, join(file, 'state')]) {
      const { message, nextStep } = refusal(path);
      assert.ok(message.endsWith(`in ${file}: that is a file, not a folder.`), message);
      assert.match(nextStep, /Choose a folder/);
    }
  });

  test('that is a link to nothing is refused', () => {
    const link = join(folder, 'link');
    try {
      symlinkSync(join(folder, 'nothing'), link);
    } catch {
      // Windows lets only some people make links.
      return;
    }
    assert.match(refusal(link).message, /EEXIST/);
    assert.equal(existsSync(join(folder, 'nothing')), false);
  });

  test('that takes no folders, such as /proc, is refused at once', function () {
    if (!existsSync('/proc/self')) this.skip();
    for (const path of ['/proc/state', '/proc/state/deeper']) {
      const { message, nextStep } = refusal(path);
      assert.match(message, /\/proc\/state: ENOENT/);
      assert.match(nextStep, /choose another/);
    }
  });

  test('that its owner may not write is refused', function () {
    if (process.platform === 'win32' || process.getuid?.() === 0) this.skip();
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o500 });
    assert.match(refusal(join(closed, 'state')).nextStep, /writable/);
  });

  test('on a full disk asks for space', () => {
    for (const text of ['ENOSPC: no space left on device, mkdir', 'database or disk is full']) {
      assert.match(unusable(folder, new Error(text)).nextStep, /Free some space/);
    }
  });
});
