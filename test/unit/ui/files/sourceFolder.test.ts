import assert from 'node:assert/strict';
import { sourceFolderOf } from '../../../../src/ui/files/sourceFolder.ts';

suite('folder of a class file', () => {
  const cases: [glob: string, folder: string][] = [
    ['**/durable-objects/*.ts', 'durable-objects'],
    ['src/rooms/*.ts', 'src/rooms'],
    ['src/rooms/**/*.ts', 'src/rooms'],
    ['**/do/*.{ts,tsx}', 'do'],
    ['packages/*/do/*.ts', 'durable-objects'],
    ['**/*.do.ts', 'durable-objects'],
    ['../elsewhere/*.ts', 'durable-objects'],
    ['./rooms/*.ts', 'rooms'],
    ['', 'durable-objects'],
  ];
  for (const [glob, folder] of cases) {
    test(`${glob} -> ${folder}`, () => assert.equal(sourceFolderOf(glob), folder));
  }
});
