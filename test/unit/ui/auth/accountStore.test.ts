import '../vscodeStub.ts';
import assert from 'node:assert/strict';
import { readAccounts, type Account } from '../../../../src/ui/auth/account.ts';
import type { AccountChange } from '../../../../src/ui/auth/accountStore.ts';
import { FakeSecrets, type FakeWindow } from './fakeSecrets.ts';

const { AccountStore } = await import('../../../../src/ui/auth/accountStore.ts');
const { accountLabel } = await import('../../../../src/ui/auth/account.ts');
type Store = InstanceType<typeof AccountStore>;

suite('accounts', () => {
  const stores: Store[] = [];

  teardown(() => {
    for (const store of stores.splice(0)) store.dispose();
  });

  test('nothing is read before somebody asks', async () => {
    const window = new FakeSecrets().window();
    const store = open(window);
    assert.equal(window.reads, 0);
    assert.deepEqual(await store.list(), []);
    assert.equal(window.reads, 1);
  });

  test('accounts of several platforms stand side by side, and each is forgotten by itself', async () => {
    const store = open(new FakeSecrets().window());
    await store.add(account('a', 'https://one.example'));
    await store.add(account('b', 'https://one.example'));
    await store.add(account('c', 'https://two.example'));
    assert.deepEqual(ids(await store.list()), ['a', 'b', 'c']);
    await store.remove(account('b', 'https://one.example'));
    assert.deepEqual(ids(await store.list()), ['a', 'c']);
  });

  test('the same key again is the same account, and stays one that ends with its sign-out', async () => {
    const store = open(new FakeSecrets().window());
    await store.add({ ...account('a'), made: 'browser' });
    const again = await store.add({ ...account('b'), token: account('a').token, label: 'New name' });
    assert.equal(again.id, 'a');
    assert.deepEqual(await store.list(), [{ ...again, made: 'browser', label: 'New name' }]);
    await store.add({ ...account('c', 'https://two.example'), token: account('a').token });
    assert.deepEqual(ids(await store.list()), ['a', 'c']);
  });

  test('another window sees what came and what went', async () => {
    const secrets = new FakeSecrets(5);
    const [here, there] = [open(secrets.window()), open(secrets.window())];
    assert.deepEqual(await there.list(), []);
    const changes = watch(there);
    await here.add(account('a'));
    await secrets.settled();
    await here.remove(account('a'));
    await secrets.settled();
    assert.deepEqual(changes, ['+a', '-a']);
  });

  test('what two windows add at the same moment is both kept', async () => {
    const secrets = new FakeSecrets(5);
    const [here, there] = [open(secrets.window()), open(secrets.window())];
    await Promise.all([here.add(account('a')), there.add(account('b'))]);
    await secrets.settled();
    assert.deepEqual(ids(await here.list()).sort(), ['a', 'b']);
    assert.deepEqual(ids(await there.list()).sort(), ['a', 'b']);
  });

  test('what one window removes while another adds stays removed', async () => {
    const secrets = new FakeSecrets(5);
    const [here, there] = [open(secrets.window()), open(secrets.window())];
    await here.add(account('a'));
    await secrets.settled();
    await Promise.all([here.remove(account('a')), there.add(account('b'))]);
    await secrets.settled();
    assert.deepEqual(ids(await here.list()), ['b']);
    assert.deepEqual(ids(await there.list()), ['b']);
  });

  test('windows that disagree come to an end', async () => {
    const secrets = new FakeSecrets(5);
    const windows = [1, 2, 3].map(() => open(secrets.window()));
    await Promise.all(windows.map((store, index) => store.add(account(`w${index}`))));
    await secrets.settled();
    const writes = secrets.written.length;
    await secrets.settled();
    assert.equal(secrets.written.length, writes);
    for (const store of windows) assert.deepEqual(ids(await store.list()).sort(), ['w0', 'w1', 'w2']);
  });

  test('a new window finds the accounts of before', async () => {
    const secrets = new FakeSecrets();
    await open(secrets.window()).add(account('a'));
    assert.deepEqual(ids(await open(secrets.window()).list()), ['a']);
  });

  test('what is damaged or of another version is no account', () => {
    const good = account('a');
    for (const text of [undefined, '', '{', 'null', '{}', '[null, 5, "x", {}]']) {
      assert.deepEqual(readAccounts(text), []);
    }
    const { token, ...withoutToken } = good;
    const broken = [withoutToken, { ...good, made: 'stolen' }, { ...good, token: '' }, { ...good, keyId: 5 }];
    assert.ok(token !== '');
    assert.deepEqual(readAccounts(JSON.stringify([...broken, good])), [good]);
  });

  test('a label names the key as the platform lists it, and never all of it', () => {
    const key = `bb_sk_391dae${'f'.repeat(34)}`;
    assert.equal(accountLabel('Laptop', key, 'https://one.example'), 'Laptop (bb_sk_391dae…) · one.example');
    assert.equal(
      accountLabel('OAuth: Editor', key, 'http://x.example'),
      'Editor (bb_sk_391dae…) · x.example',
    );
    assert.equal(
      accountLabel(undefined, key, 'https://one.example:444/x'),
      'bb_sk_391dae… · one.example:444/x',
    );
  });

  function open(window: FakeWindow): Store {
    const store = new AccountStore(window);
    stores.push(store);
    return store;
  }
});

function watch(store: Store): string[] {
  const seen: string[] = [];
  store.onDidChange(({ added, removed }: AccountChange) => {
    seen.push(...ids(added).map((id) => `+${id}`), ...ids(removed).map((id) => `-${id}`));
  });
  return seen;
}

function ids(accounts: readonly Account[]): string[] {
  return accounts.map(({ id }) => id);
}

function account(id: string, origin = 'https://one.example'): Account {
  return {
    id,
    origin,
    token: `bb_sk_${id.repeat(40).slice(0, 40)}`,
    label: id,
    made: 'pasted',
    keyId: null,
    at: '2026-11-22T12:00:00.000Z',
  };
}
