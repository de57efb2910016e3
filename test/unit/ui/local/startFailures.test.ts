import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DoError } from '../../../../src/core/errors.ts';
import { startProcess } from '../../../../src/ui/local/localProcess.ts';

const CLI = join(import.meta.dirname, '..', '..', '..', '..', 'src', 'cli', 'main.ts');

suite('an embedded platform that cannot be started from the editor', () => {
  let folder: string;

  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'bb-start-'));
  });

  teardown(() => rmSync(folder, { recursive: true, force: true }));

  async function failure(options: { stateDir?: string; allowedHosts?: readonly string[] }): Promise<string> {
    try {
      await startProcess({
        execPath: process.execPath,
        cli: CLI,
        stateDir: join(folder, 'state'),
        allowedHosts: [],
        outputDir: join(folder, 'out'),
        ...options,
      });
    } catch (error) {
      assert.ok(error instanceof DoError, String(error));
      return `${error.message} ${error.nextStep}`.trim();
    }
    throw new Error('It started.');
  }

  test('names the setting when the state folder is a file', async () => {
    const stateDir = join(folder, 'file');
    writeFileSync(stateDir, '');
    const text = await failure({ stateDir });
    assert.match(text, /that is a file, not a folder\..* butterbaseDO\.local\.stateFolder/);
  });

  test('names the setting at once when the state folder is where no folder can be', async function () {
    if (!existsSync('/proc/self')) this.skip();
    assert.match(await failure({ stateDir: '/proc/state' }), /ENOENT.*butterbaseDO\.local\.stateFolder/);
  });

  test('names the setting when an allowed host can match nothing', async () => {
    const text = await failure({ allowedHosts: ['*.example'] });
    assert.match(text, /"\*\.example".*butterbaseDO\.local\.allowedHosts/);
  });
});
