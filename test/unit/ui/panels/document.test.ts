import assert from 'node:assert/strict';
import { dispatch } from '../../../../src/ui/panels/dispatch.ts';
import { panelDocument } from '../../../../src/ui/panels/document.ts';

function documentOf(source = 'https://webview.test'): string {
  return panelDocument({
    page: 'env',
    language: 'de',
    source,
    uri: (file) => `${source}/dist/${file}?a=1&b=2`,
  });
}

suite('document of a panel', () => {
  test('allows one script by a nonce that is never used twice, and no inline styles', () => {
    const documents = [documentOf(), documentOf()];
    const nonces = documents.map((text) => /script-src 'nonce-([^']+)'/.exec(text)?.[1]);
    assert.notEqual(nonces[0], nonces[1]);
    for (const [index, text] of documents.entries()) {
      assert.ok((nonces[index] ?? '').length >= 22, 'at least 128 bits');
      assert.equal(text.match(/<script/g)?.length, 1);
      assert.ok(text.includes(`<script nonce="${nonces[index] ?? ''}" src=`));
      assert.match(text, /content="default-src 'none'; /);
      assert.doesNotMatch(text, /unsafe-|<style|style=|connect-src|img-src/);
    }
  });

  test('escapes what it puts into attributes', () => {
    const text = documentOf('https://x.test/"><script>');
    assert.doesNotMatch(text, /"><script>/);
    assert.match(text, /a=1&amp;b=2/);
  });

  test('names its language and loads the icon font where the elements library looks for it', () => {
    const text = documentOf();
    assert.match(text, /<html lang="de">/);
    assert.match(text, /id="vscode-codicon-stylesheet" href="[^"]*codicon\.css/);
  });
});

suite('dispatch of panel messages', () => {
  type Message = { readonly type: 'save'; readonly key: string } | { readonly type: 'close' };

  test('calls the handler of the type with the whole message', () => {
    const seen: string[] = [];
    const handlers = { save: ({ key }: { key: string }) => seen.push(key), close: () => seen.push('close') };
    assert.equal(dispatch<Message>(handlers, { type: 'save', key: 'A' }), true);
    assert.equal(dispatch<Message>(handlers, { type: 'close' }), true);
    assert.deepEqual(seen, ['A', 'close']);
  });

  test('does nothing for what is no message of the protocol', () => {
    const handlers = { save: () => assert.fail(), close: () => assert.fail() };
    for (const message of [
      undefined,
      null,
      'close',
      5,
      {},
      { type: 5 },
      { type: 'other' },
      { type: 'toString' },
    ]) {
      assert.equal(dispatch<Message>(handlers, message), false);
    }
  });
});
