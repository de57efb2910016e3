import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findingsOf, inFetch, marked } from './marked.ts';

const RULE = 'platform-env-read';

suite('rule platform-env-read', () => {
  test('marks the keys of the platform, however they are read', () => {
    assert.deepEqual(
      marked(
        RULE,
        inFetch(
          "this.env.DO_INVOKER_URL; this.env['DO_INVOKER_TOKEN']; const { BUTTERBASE_INTERNAL_FN_KEY: key } = this.env;",
        ),
      ),
      ['DO_INVOKER_URL', "'DO_INVOKER_TOKEN'", 'BUTTERBASE_INTERNAL_FN_KEY'],
    );
  });

  test('says that butterbase.ctx leaves them out', () => {
    const [finding] = findingsOf(
      RULE,
      inFetch('butterbase.ctx(request, this.env, this.ctx).env.DO_INVOKER_URL;'),
    );
    assert.match(finding?.message ?? '', /always undefined/);
  });

  test('passes over other keys and objects', () => {
    for (const body of [
      'this.env.BUTTERBASE_APP_ID;',
      "const text = 'DO_INVOKER_URL';",
      'this.ctx.DO_INVOKER_URL;',
    ]) {
      assert.deepEqual(marked(RULE, inFetch(body)), [], body);
    }
  });
});
