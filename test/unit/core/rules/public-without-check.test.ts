import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { TEMPLATES, sourceOf } from '../../../../src/core/templates/templates.ts';
import { inFetch, marked } from './marked.ts';

const RULE = 'public-without-check';
const STORES = "await this.ctx.storage.put('a', 1);";

suite('rule public-without-check', () => {
  test('marks a public class that stores something for anyone', () => {
    assert.deepEqual(marked(RULE, inFetch(STORES), { accessMode: 'public' }), ['Room']);
    assert.deepEqual(marked(RULE, inFetch(STORES), { accessMode: 'authenticated' }), []);
  });

  test('passes over classes that look at who is calling, and those with nothing to protect', () => {
    for (const body of [
      `${STORES} request.headers.get('x-mine');`,
      `${STORES} new URL(request.url).searchParams.get('token');`,
      `${STORES} butterbase.ctx(request, this.env, this.ctx).user;`,
      'return Response.json({ now: Date.now() });',
    ]) {
      assert.deepEqual(marked(RULE, inFetch(body), { accessMode: 'public' }), [], body);
    }
  });

  test('a comment is no check', () => {
    assert.deepEqual(marked(RULE, inFetch(`${STORES} // check the token`), { accessMode: 'public' }), [
      'Room',
    ]);
  });

  test('templates have none in their own access mode', () => {
    for (const template of TEMPLATES) {
      assert.deepEqual(marked(RULE, sourceOf(template, 'a-room'), { accessMode: template.accessMode }), []);
    }
  });
});
