import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { inFetch, marked, mended, row } from './marked.ts';

const RULE = 'unknown-invoke-target';
const CTX = 'butterbase.ctx(request, this.env, this.ctx)';
const known = { envKeys: [], deployed: [row('chat-room', 'ChatRoom')] };

suite('rule unknown-invoke-target', () => {
  test('marks the name of a class that the app does not have', () => {
    for (const body of [
      `await ${CTX}.invokeDO('nobody', 'x');`,
      `const ctx = ${CTX}; await ctx.invokeDO('nobody', 'x');`,
      `const { invokeDO } = ${CTX}; await invokeDO('nobody', 'x');`,
      `const { invokeDO: call } = ${CTX}; await call('nobody', 'x');`,
    ]) {
      assert.deepEqual(marked(RULE, inFetch(body), known), ["'nobody'"], body);
    }
  });

  test('passes over local and deployed classes, and names that only show at run time', () => {
    for (const body of [
      `await ${CTX}.invokeDO('chat-room', 'x');`,
      `await ${CTX}.invokeDO('a-room', 'x');`,
      `await ${CTX}.invokeDO(name, 'x');`,
      'const invokeDO = (name: string) => name; invokeDO("nobody");',
    ]) {
      assert.deepEqual(marked(RULE, inFetch(body), known), [], body);
    }
  });

  test('says nothing while it is not known what the app has', () => {
    assert.deepEqual(marked(RULE, inFetch(`await ${CTX}.invokeDO('nobody', 'x');`)), []);
  });

  test('puts the name in place of the class or of another spelling', () => {
    for (const written of ['ChatRoom', 'chat_room', 'CHAT_ROOM', 'chatRoom']) {
      assert.equal(
        mended(RULE, inFetch(`await ${CTX}.invokeDO('${written}', 'x');`), known),
        inFetch(`await ${CTX}.invokeDO('chat-room', 'x');`),
      );
    }
  });
});
