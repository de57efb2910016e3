import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makePrivate, userState } from '../../../src/platform/userState.ts';

suite('state folder of a person', () => {
  test('is in the home folder, or where the environment says', () => {
    const root = join('/home/ann', '.butterbase', 'durable-objects');
    assert.deepEqual(userState('/home/ann', {}), {
      root,
      locks: join(root, 'locks'),
      history: join(root, 'history'),
      pending: join(root, 'pending'),
    });
    assert.equal(userState('/home/ann', { BUTTERBASE_DO_HOME: '' }).root, root);
    assert.equal(
      userState('/home/ann', { BUTTERBASE_DO_HOME: '/ci/state' }).locks,
      join('/ci/state', 'locks'),
    );
    assert.equal(userState('/home/ann', { BUTTERBASE_DO_HOME: 'state' }).root, resolve('state'));
  });

  test('nobody else can read what is made in it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bb-state-'));
    try {
      const { history } = userState(folder, {});
      await makePrivate(history);
      await makePrivate(history);
      for (const each of [history, join(history, '..'), join(folder, '.butterbase')]) {
        assert.equal((await stat(each)).mode & 0o777, 0o700, each);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
