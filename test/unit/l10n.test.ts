import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { BUNDLE, bundleText } from '../../scripts/l10n.mjs';

suite('texts for translators', () => {
  test('the committed bundle has the texts of the sources; npm run l10n writes it', async () => {
    const wanted = texts(await bundleText());
    const committed = texts(readFileSync(BUNDLE, 'utf8'));
    assert.ok(wanted.length > 100);
    assert.deepEqual(
      {
        missing: wanted.filter((text) => !committed.includes(text)),
        left: committed.filter((text) => !wanted.includes(text)),
      },
      { missing: [], left: [] },
    );
  });

  test('every text is a literal: one that is put together at run time is in no bundle', () => {
    const folder = path.join(path.dirname(BUNDLE), '..', 'src');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const others = sources.flatMap((file) =>
      [
        ...readFileSync(path.join(folder, file), 'utf8').matchAll(/\bl10n\s*\.\s*t\(\s*([^\s'"].{0,40})/g),
      ].map(([, argument]) => `${file}: ${argument ?? ''}`),
    );
    assert.deepEqual(others, []);
  });
}).timeout(20_000);

function texts(bundle: string): string[] {
  return Object.keys(JSON.parse(bundle) as Record<string, unknown>);
}
