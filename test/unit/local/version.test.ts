import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '../../../src/local/version.ts';

test("the embedded platform's version is that of the package", () => {
  const manifest = readFileSync(join(import.meta.dirname, '..', '..', '..', 'package.json'), 'utf8');
  assert.equal((JSON.parse(manifest) as { version: string }).version, VERSION);
});
