import assert from 'node:assert/strict';
import type { DoError } from '../../../src/core/errors.ts';
import type { Repair } from '../../../src/operations/repair.ts';
import { CLOUDFLARE_FAILS, counter, errorOf, World, type AppUnderChange } from './appUnderChange.ts';

suite('no hazard of the platform destroys anything through the operations', function () {
  this.timeout(60_000);
  const world = new World();
  let app: AppUnderChange;

  suiteSetup(() => world.start());
  suiteTeardown(() => world.stop());
  setup(async () => {
    app = await world.app();
  });
  teardown(() => {
    assert.deepEqual(app.lost, []);
  });

  const a = counter('a', 'A');
  const b = counter('b', 'B');

  /** What the refusal of a change offers, without any local file. */
  async function repairs(change: Promise<unknown>): Promise<readonly Repair[]> {
    assert.equal((await errorOf(change)).code, 'WOULD_DESTROY');
    const { destroys } = await app.operations.previewEnv();
    return app.operations.repairsFor(destroys, () => undefined);
  }

  test('a: a renamed class is refused; beside the old one both have their data', async () => {
    await app.given(counter('chat-room', 'ChatRoom'));
    const renamed = counter('chat-room', 'Room');
    const preview = await app.operations.previewDeploy(renamed);
    assert.deepEqual(
      preview.destroys.map(({ className, waysOut }) => [className, waysOut.map(({ kind }) => kind)]),
      [['ChatRoom', ['keepClassName', 'deployBeside']]],
    );
    assert.equal((await errorOf(app.operations.deploy(renamed))).code, 'WOULD_DESTROY');
    assert.equal(app.changes, 1);
    await app.operations.deploy({ ...renamed, name: 'room' });
    assert.deepEqual([await app.count('chat-room'), await app.count('room')], [2, 1]);
  });

  test('b1: with a class in ERROR the deploy of another is refused, and goes on by itself after its repair', async () => {
    await app.given(a, b);
    await app.breakClass(a);
    const before = app.changes;
    const wanted = { ...b, code: `${b.code}// second\n` };
    const found = await repairs(app.operations.deploy(wanted));
    assert.equal(app.changes, before);
    assert.deepEqual(
      found.map(({ input, source }) => [input.name, input.code, source]),
      [['a', a.code, 'history']],
    );
    await app.operations.deploy(wanted, { repairs: found });
    assert.equal(app.changes, before + 2);
    assert.deepEqual(await app.states(), { a: 'READY', b: 'READY' });
    assert.deepEqual([await app.count('a'), await app.count('b')], [2, 2]);
    assert.equal((await app.operations.get('b')).code, wanted.code);
  });

  test('b1: a class whose history is on another machine is repaired with its file, else with what failed', async () => {
    await world.client.register(app.app.id, a);
    await app.count('a');
    await world.client.register(app.app.id, b);
    await app.breakClass(a);
    const { destroys } = await app.operations.previewEnv();
    const [fromFile] = await app.operations.repairsFor(destroys, (name) => (name === 'a' ? a : undefined));
    assert.equal(fromFile?.source, 'file');
    const broken = { ...a, code: `${a.code}missing();\n` };
    const [fromRow] = await app.operations.repairsFor(destroys, () => broken);
    assert.equal(fromRow?.source, 'failed');
    await app.operations.deploy(b, { repairs: [fromRow] });
    assert.equal(await app.count('a'), 2);
  });

  test('b2: so is the change of an environment variable', async () => {
    await app.given(a, b);
    await app.breakClass(a);
    const found = await repairs(app.operations.setEnv('API_KEY', 'v'));
    assert.deepEqual(await app.operations.listEnv(), []);
    await app.operations.setEnv('API_KEY', 'v', { repairs: found });
    assert.equal(await app.count('a'), 2);
    await app.breakClass(a);
    const again = await repairs(app.operations.deleteEnv('API_KEY'));
    await app.operations.deleteEnv('API_KEY', { repairs: again });
    assert.equal(await app.count('a'), 3);
  });

  test('b3, b5: with no other class nothing is at risk, and the class itself may always be deployed', async () => {
    await app.given(a);
    await app.breakClass(a);
    assert.deepEqual(await app.operations.setEnv('API_KEY', 'v'), { redeployed: false });
    await app.operations.deploy(a);
    assert.equal(await app.count('a'), 2);
  });

  test('b4: the deletion of the last class that is READY brings the other back first', async () => {
    await app.given(a);
    await app.operations.deploy(b);
    await app.breakClass(a);
    const error = await errorOf(app.operations.delete('b'));
    assert.equal(error.code, 'WOULD_DESTROY');
    const { destroys } = await app.operations.previewDelete('b');
    const others = destroys.filter(({ name }) => name !== 'b');
    const found = await app.operations.repairsFor(others, () => undefined);
    await app.operations.delete('b', { repairs: found });
    assert.deepEqual(await app.states(), { a: 'READY' });
    assert.equal(await app.count('a'), 2);
    assert.deepEqual(app.lost, ['B']);
    world.embedded.trashed.get(app.app.id)?.splice(0);
  });

  test('two classes in ERROR: no repair of one that would destroy the other', async () => {
    await app.given(a, b, counter('c', 'C'));
    await app.breakClass(a);
    await app.breakClass(b);
    const before = app.changes;
    const { destroys } = await app.operations.previewEnv();
    const error = await errorOf(app.operations.repairsFor(destroys, () => undefined));
    assert.equal(error.code, 'NO_REPAIR');
    assert.match(error.message, /b and a are both/);
    assert.equal((await errorOf(app.operations.deploy(a))).code, 'WOULD_DESTROY');
    assert.equal(app.changes, before);
  });

  test('c: one class name under two DO names is refused', async () => {
    await app.given(counter('room-a', 'Room'));
    const error = await errorOf(app.operations.deploy(counter('room-b', 'Room')));
    assert.equal(error.code, 'DUPLICATE_CLASS_NAME');
    assert.deepEqual(await app.states(), { 'room-a': 'READY' });
    assert.equal(await app.count('room-a'), 2);
  });

  test('d: a deletion that failed half way is told, and undone with its data', async () => {
    await app.given(a, b);
    app.failNext(CLOUDFLARE_FAILS);
    const error = await errorOf(app.operations.delete('b'));
    assert.match(error.message, /b is no longer listed/);
    assert.deepEqual(await app.states(), { a: 'READY' });
    // Another window knows of it as well.
    const window = app.window();
    const refused = await errorOf(window.deploy({ ...a, code: `${a.code}// 2\n` }));
    assert.equal(refused.code, 'WOULD_DESTROY');
    assert.match(refused.message, /\bB\b/);
    assert.match((await errorOf(window.delete('b'))).message, /still runs, without a row/);
    assert.deepEqual(await app.stuck(), ['rowGone b']);
    const { destroys } = await window.previewEnv();
    const found = await window.repairsFor(destroys, () => undefined);
    await window.deploy({ ...a, code: `${a.code}// 2\n` }, { repairs: found });
    assert.deepEqual(await app.states(), { a: 'READY', b: 'READY' });
    assert.deepEqual([await app.count('a'), await app.count('b')], [2, 2]);
    assert.deepEqual(await app.stuck(), []);
  });

  test('d: while a deletion is on its way, its row that is gone is no trouble yet', async () => {
    await app.given(a, b);
    const change = { kind: 'delete', name: 'b', className: 'B', id: '', createdAt: null } as const;
    const facts = { platform: world.embedded.url, appId: app.app.id, from: 'cli', change } as const;
    const sending = await app.tools.pending.begin(facts);
    assert.equal(await app.stuck(), undefined);
    await sending.settle();
    assert.deepEqual(await app.stuck(), []);
  });

  test('d: a class that somebody else deleted does not stand in the way, one whose removal failed does', async () => {
    const c = counter('c', 'C');
    await app.given(a, b, c);
    await world.client.delete(app.app.id, 'b');
    assert.deepEqual((await app.operations.previewDeploy(a)).destroys, []);
    assert.deepEqual(await app.stuck(), []);
    await app.operations.deploy({ ...a, code: `${a.code}// 2\n` });
    assert.deepEqual(app.lost, ['B']);
    world.embedded.trashed.get(app.app.id)?.splice(0);
    app.failNext(CLOUDFLARE_FAILS);
    await errorOf(world.client.delete(app.app.id, 'c'));
    assert.deepEqual(await app.stuck(), ['rowGone c']);
    assert.equal((await errorOf(app.operations.deploy(a))).code, 'WOULD_DESTROY');
    const { destroys } = await app.operations.previewEnv();
    await app.operations.deploy(a, { repairs: await app.operations.repairsFor(destroys, () => undefined) });
    assert.equal(await app.count('c'), 2);
  });

  test('d4: an app whose script has vanished is recognised, and no further class is drawn in', async () => {
    await app.given(a, b);
    world.embedded.store.deploys.deleteScript(app.app.id);
    const stuck = await errorOf(app.operations.deploy({ ...a, code: `${a.code}// 2\n` }));
    assert.equal(stuck.code, 'APP_STUCK', stuck.message);
    assert.match(stuck.nextStep, /support/);
    assert.deepEqual(await app.stuck(), ['tagLost a']);
    const before = app.changes;
    const next: DoError = await errorOf(app.window().deploy(b, { allowDestroy: ['A'] }));
    assert.equal(next.code, 'APP_STUCK');
    assert.equal(app.changes, before);
    assert.equal((await app.states())['b'], 'READY');
  });

  test('e, e2: the sixth class is refused, also where it would take the place of one in ERROR', async () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((name) => counter(name, name.toUpperCase()));
    for (const input of five) await app.operations.deploy(input);
    await app.count('a');
    const sixth = counter('f', 'F');
    assert.equal((await errorOf(app.operations.deploy(sixth))).code, 'TOO_MANY_CLASSES');
    await app.breakClass(a);
    const before = app.changes;
    const found = await repairs(app.operations.deploy(sixth));
    const error = await errorOf(app.operations.deploy(sixth, { repairs: found }));
    assert.equal(error.code, 'TOO_MANY_CLASSES');
    assert.equal(app.changes, before);
    await app.operations.deploy(a);
    assert.equal(await app.count('a'), 2);
  });

  test('f: a key with the name of a binding is refused, and one that is stored can be removed', async () => {
    await app.given(a, counter('chat-room', 'ChatRoom'));
    assert.equal((await errorOf(app.operations.setEnv('CHAT_ROOM', 'v'))).code, 'INVALID_INPUT');
    assert.deepEqual(await app.operations.listEnv(), []);
    await errorOf(world.client.setEnv(app.app.id, 'CHAT_ROOM', 'v'));
    assert.deepEqual(await app.operations.listEnv(), ['CHAT_ROOM']);
    const before = app.changes;
    assert.equal((await errorOf(app.operations.deploy(a))).code, 'ENV_BINDING_COLLISION');
    assert.equal(app.changes, before);
    await app.operations.deleteEnv('CHAT_ROOM');
    await app.operations.deploy(a);
    assert.deepEqual([await app.count('a'), await app.count('chat-room')], [2, 2]);
  });

  test('f: a variable of the whole app with the name of a binding stops a deploy before it is sent', async () => {
    await app.given(a);
    assert.equal(await app.setVariable('B', 'set for a function'), 200);
    const sent = app.changes;
    const error = await errorOf(app.operations.deploy(b));
    assert.equal(error.code, 'ENV_BINDING_COLLISION');
    assert.match(error.message, /whole app has a variable B/);
    assert.equal(app.changes, sent);
    assert.deepEqual(await app.states(), { a: 'READY' });
    assert.deepEqual(await app.stuck(), []);
    await app.setVariable('A', 'set for a function');
    assert.deepEqual(await app.stuck(), ['blockedByVariable A']);
    assert.equal(await app.count('a'), 2);
  });

  test('f: a class that such a key keeps in ERROR is saved under another name', async () => {
    const room = counter('chat-room', 'ChatRoom');
    await app.given(a, room);
    await errorOf(world.client.setEnv(app.app.id, 'CHAT_ROOM', 'v'));
    await errorOf(world.client.register(app.app.id, room));
    assert.deepEqual(await app.states(), { a: 'READY', 'chat-room': 'ERROR' });
    assert.equal((await errorOf(app.operations.deleteEnv('CHAT_ROOM'))).code, 'WOULD_DESTROY');
    const { destroys } = await app.operations.previewEnv({ kind: 'deleteEnv', key: 'CHAT_ROOM' });
    const error = await errorOf(app.operations.repairsFor(destroys, () => undefined));
    assert.equal(error.code, 'NO_REPAIR');
    assert.match(error.nextStep, /under another name first, such as chat-room-2/);
    await app.operations.deploy({ ...room, name: 'chat-room-2' });
    await app.operations.deleteEnv('CHAT_ROOM');
    assert.equal(await app.count('chat-room-2'), 2);
  });

  test('g: a value that is stored although its upload failed is told', async () => {
    await app.given(a);
    app.failNext(CLOUDFLARE_FAILS);
    const error = await errorOf(app.operations.setEnv('API_KEY', 'v'));
    assert.match(error.message, /API_KEY is stored, but/);
    await app.operations.deploy({ ...a, code: `${a.code}// 2\n` });
    assert.equal(await app.count('a'), 2);
  });

  test('j: two windows that deploy at once do so one after the other', async () => {
    await app.given(a, b);
    const [one, other] = [app.window(), app.window()];
    await Promise.all([
      one.deploy({ ...a, code: `${a.code}// 2\n` }),
      other.deploy({ ...b, code: `${b.code}// 2\n` }),
    ]);
    assert.deepEqual(await app.states(), { a: 'READY', b: 'READY' });
    assert.deepEqual([await app.count('a'), await app.count('b')], [2, 2]);
  });

  test('l: one name at the top of two sources is refused before anything is sent', async () => {
    const helper = 'function helper() { return 1; }\nconst limit = helper();';
    await app.given(counter('a', 'A', helper));
    const error = await errorOf(app.operations.deploy(counter('b', 'B', helper)));
    assert.equal(error.code, 'DOES_NOT_LOAD');
    assert.match(error.message, /'(helper|limit)' has already been declared/);
    assert.match(error.message, /b and a do not go together/);
    assert.match(error.message, /[ab]\.ts:\d+:\d+/);
    assert.deepEqual(await app.states(), { a: 'READY' });
    assert.equal(await app.count('a'), 2);
  });

  test('what does not load is not sent, and the class that runs stays READY', async () => {
    await app.given(a);
    const before = app.changes;
    const error = await errorOf(app.operations.deploy({ ...a, code: `${a.code}missing();\n` }));
    assert.equal(error.code, 'DOES_NOT_LOAD');
    assert.match(error.message, /missing is not defined[^]*a\.ts:11:1/);
    assert.match(error.nextStep, /was not sent/);
    assert.equal(app.changes, before);
    assert.deepEqual(await app.states(), { a: 'READY' });
  });
});
