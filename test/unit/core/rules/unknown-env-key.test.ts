import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findingsOf, inFetch, marked, row } from './marked.ts';

const RULE = 'unknown-env-key';

suite('rule unknown-env-key', () => {
  test('marks keys that are not set, however they are read', () => {
    for (const text of [
      inFetch('this.env.API_KEY;'),
      inFetch("this.env['API_KEY'];").replace("'API_KEY'", '"API_KEY"'),
      inFetch('const { API_KEY } = this.env;'),
      inFetch('const { env } = this; f(env.API_KEY);'),
      inFetch('butterbase.ctx(request, this.env, this.ctx).env.API_KEY;'),
      'export class A { constructor(state, env) { this.e = env; } fetch() { return this.e.API_KEY; } }',
      "import { env } from 'cloudflare:workers';\nexport class A { fetch() { return env.API_KEY; } }",
    ]) {
      const [found, more] = marked(RULE, text, { envKeys: ['OTHER'] });
      assert.match(found ?? '', /^"?API_KEY"?$/, text);
      assert.equal(more, undefined);
    }
  });

  test('passes over what is there: keys, the platform’s own, bindings of local and deployed classes', () => {
    const body =
      'this.env.API_KEY; this.env.BUTTERBASE_APP_ID; this.env.A_ROOM; this.env.OTHER_ROOM; this.env.DO_DISPATCH;';
    const around = { envKeys: ['API_KEY'], deployed: [row('other-room', 'Other')] };
    assert.deepEqual(marked(RULE, inFetch(body), around), []);
  });

  test('knows the variables of the whole app, and says nothing while it does not know them', () => {
    const text = inFetch('this.env.STRIPE_KEY; this.env.OTHER;');
    assert.deepEqual(marked(RULE, text, { envKeys: [], appEnvKeys: ['STRIPE_KEY'] }), ['OTHER']);
    assert.deepEqual(marked(RULE, text, { envKeys: [], appEnvKeys: undefined }), []);
    assert.deepEqual(marked(RULE, text, { envKeys: undefined, appEnvKeys: [] }), []);
  });

  test('so does what happens while the module loads', () => {
    const text = `import { env } from 'cloudflare:workers';\nenv.STRIPE_KEY.length;\n${inFetch('')}`;
    const errors = (appEnvKeys: readonly string[] | undefined): number =>
      findingsOf('global-scope-io', text, { envKeys: [], appEnvKeys }).length;
    assert.equal(errors([]), 1);
    assert.equal(errors(['STRIPE_KEY']), 0);
    assert.equal(errors(undefined), 0);
  });

  test('passes over keys with a default, other objects, and everything while the keys are not known', () => {
    for (const body of [
      "this.env.API_KEY ?? 'none';",
      "const { API_KEY = 'none' } = this.env;",
      'this.API_KEY; settings.API_KEY; process.env.API_KEY;',
      'this.env.toString();',
      'const env = { API_KEY: 1 }; env.API_KEY;',
    ]) {
      assert.deepEqual(marked(RULE, inFetch(body), { envKeys: [] }), [], body);
    }
    assert.deepEqual(marked(RULE, inFetch('this.env.API_KEY;')), []);
  });
});
