import '../vscodeStub.ts';
import assert from 'node:assert/strict';
import type { Account } from '../../../../src/ui/auth/account.ts';
import { FakeMemento, FakeSecrets, type FakeWindow } from '../auth/fakeSecrets.ts';

const { KeyStore } = await import('../../../../src/ui/session/keyStore.ts');
type Store = InstanceType<typeof KeyStore>;

const ONE = 'https://one.example';
const TWO = 'https://two.example';

suite('which key a workspace uses', () => {
  const stores: Store[] = [];

  teardown(() => {
    for (const store of stores.splice(0)) store.dispose();
  });

  test('a key is given for the platform that it belongs to, and for no other', async () => {
    const keys = open(new FakeSecrets().window());
    await keys.accounts.add(account('a', ONE));
    assert.equal(await keys.get(ONE), account('a', ONE).token);
    for (const other of [TWO, 'http://one.example', `${ONE}:444`, `${ONE}/x`, `${ONE}.evil.example`]) {
      assert.equal(await keys.get(other), undefined);
    }
  });

  test('the chosen account is remembered by the workspace', async () => {
    const window = new FakeSecrets().window();
    const here = new FakeMemento();
    const keys = open(window, here);
    for (const id of ['a', 'b', 'c']) await keys.accounts.add(account(id, ONE));
    await keys.use(account('b', ONE));
    assert.equal((await open(window, here).accountOf(ONE))?.id, 'b');
    assert.equal((await open(window).accountOf(ONE))?.id, 'c');
  });

  test('a sign-in in another window does not change what this one uses', async () => {
    const secrets = new FakeSecrets();
    const [here, there] = [open(secrets.window()), open(secrets.window())];
    await here.accounts.add(account('a', ONE));
    await secrets.settled();
    assert.equal((await here.accountOf(ONE))?.id, 'a');
    await there.use(await there.accounts.add(account('b', ONE)));
    await secrets.settled();
    assert.equal((await here.accountOf(ONE))?.id, 'a');
    assert.equal((await there.accountOf(ONE))?.id, 'b');
  });

  test('when the chosen account is gone, only one that is alone takes its place', async () => {
    const keys = open(new FakeSecrets().window());
    for (const id of ['a', 'b', 'c']) await keys.accounts.add(account(id, ONE));
    await keys.use(account('c', ONE));
    await keys.accounts.remove(account('c', ONE));
    assert.equal(await keys.accountOf(ONE), undefined);
    await keys.accounts.remove(account('b', ONE));
    assert.equal((await keys.accountOf(ONE))?.id, 'a');
  });

  test('who signs out here is not signed in as somebody else', async () => {
    const keys = open(new FakeSecrets().window());
    for (const id of ['a', 'b']) await keys.accounts.add(account(id, ONE));
    await keys.use(account('b', ONE));
    await keys.accounts.remove(account('b', ONE));
    await keys.leave(ONE);
    assert.equal(await keys.accountOf(ONE), undefined);
    assert.ok(keys.isSignedOut(ONE));
    await keys.use(account('a', ONE));
    assert.equal((await keys.accountOf(ONE))?.id, 'a');
    assert.ok(!keys.isSignedOut(ONE));
  });

  test('who signed out where nobody else was is signed in by the next sign-in of any window', async () => {
    const keys = open(new FakeSecrets().window());
    await keys.use(await keys.accounts.add(account('a', ONE)));
    await keys.accounts.remove(account('a', ONE));
    await keys.leave(ONE);
    assert.equal(await keys.accountOf(ONE), undefined);
    await keys.accounts.add(account('b', ONE));
    assert.equal((await keys.accountOf(ONE))?.id, 'b');
  });

  test('who takes the sign-in of the command line uses no account there, until they choose one', async () => {
    const keys = open(new FakeSecrets().window());
    await keys.use(await keys.accounts.add(account('a', ONE)));
    await keys.leave(ONE);
    await keys.useCommandLine(ONE);
    assert.ok(!keys.isSignedOut(ONE));
    assert.equal(await keys.get(ONE), undefined);
    await keys.use(account('a', ONE));
    assert.equal((await keys.accountOf(ONE))?.id, 'a');
  });

  test('a change names its platform; choosing is a change', async () => {
    const keys = open(new FakeSecrets().window());
    const changed: string[] = [];
    keys.onDidChange((origin) => changed.push(origin));
    await keys.accounts.add(account('a', ONE));
    await keys.accounts.add(account('b', TWO));
    await keys.use(account('b', TWO));
    assert.deepEqual(changed, [ONE, TWO, TWO]);
    assert.deepEqual(keys.origins, [TWO]);
  });

  test('nothing but the secret storage holds a token', async () => {
    const [everywhere, here] = [new FakeMemento(), new FakeMemento()];
    const keys = open(new FakeSecrets().window(), here, everywhere);
    const kept = await keys.accounts.add(account('a', ONE));
    await keys.use(kept);
    await keys.get(ONE);
    await keys.leave(ONE);
    for (const memento of [everywhere, here]) {
      const text = memento.keys().map((key) => `${key} ${JSON.stringify(memento.get(key))}`);
      assert.ok(text.length > 0);
      assert.ok(!text.join().includes(kept.token.slice(6)));
    }
  });

  function open(
    secrets: FakeWindow,
    workspaceState: FakeMemento = new FakeMemento(),
    globalState: FakeMemento = new FakeMemento(),
  ): Store {
    const store = new KeyStore({ secrets, workspaceState, globalState });
    stores.push(store);
    return store;
  }
});

function account(id: string, origin: string): Account {
  return {
    id,
    origin,
    token: `bb_sk_${id.repeat(40)}`,
    label: id,
    made: 'pasted',
    keyId: null,
    at: '2026-11-22T12:00:00.000Z',
  };
}
