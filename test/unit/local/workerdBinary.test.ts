import assert from 'node:assert/strict';
import path from 'node:path';
import { DoError } from '../../../src/core/errors.ts';
import { findWorkerd, type WorkerdSearch } from '../../../src/local/workerdBinary.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';

function search(files: readonly string[], more: WorkerdSearch = {}): WorkerdSearch {
  const present = new Set(files.map((file) => path.resolve(file)));
  return {
    near: '/ext/dist',
    platform: 'linux',
    arch: 'x64',
    exists: (file) => present.has(path.resolve(file)),
    ...more,
  };
}

suite('the workerd binary', () => {
  test('of an installed extension comes first', () => {
    const npm = '/ext/node_modules/@cloudflare/workerd-linux-64/bin/workerd';
    assert.equal(
      findWorkerd(search([LOADER, '/ext/dist/bin/workerd', npm])),
      path.resolve('/ext/dist/bin/workerd'),
    );
    assert.equal(findWorkerd(search([LOADER, npm])), path.resolve(npm));
  });

  test('is found from the sources of a checkout', () => {
    const npm = '/repo/node_modules/@cloudflare/workerd-darwin-arm64/bin/workerd';
    const near = '/repo/src/cli';
    assert.equal(findWorkerd(search([npm], { near, platform: 'darwin', arch: 'arm64' })), path.resolve(npm));
    const built = '/repo/dist/bin/workerd.exe';
    assert.equal(findWorkerd(search([built], { near, platform: 'win32' })), path.resolve(built));
  });

  const missing: [string, WorkerdSearch, RegExp, RegExp][] = [
    [
      'Windows on arm64',
      search([], { platform: 'win32', arch: 'arm64' }),
      /no workerd for win32-arm64/,
      /WSL/,
    ],
    ['musl', search(['/ext/dist/bin/workerd']), /glibc/, /Debian/],
    ['another system', search([], { platform: 'freebsd' }), /no workerd for freebsd-x64/, /hosted/],
    ['a broken install', search([LOADER]), /missing/, /Reinstall/],
  ];
  for (const [what, where, message, nextStep] of missing) {
    test(`is clearly missing on ${what}`, () => {
      assert.throws(
        () => findWorkerd(where),
        (error) => error instanceof DoError && message.test(error.message) && nextStep.test(error.nextStep),
      );
    });
  }

  test('is there on this machine', () => {
    assert.match(findWorkerd({ near: import.meta.dirname }), /workerd(\.exe)?$/);
  });
});
