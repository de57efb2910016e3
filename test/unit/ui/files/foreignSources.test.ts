import '../vscodeStub.ts';
import assert from 'node:assert/strict';
import { setup, suite, teardown, test } from 'mocha';
import type { DoClass } from '../../../../src/core/model/app.ts';
import type { AppOperations } from '../../../../src/operations/appOperations.ts';
import type { ForeignSources as Sources } from '../../../../src/ui/files/foreignSources.ts';
import type { ReadySession } from '../../../../src/ui/session/session.ts';

const { ForeignSources } = await import('../../../../src/ui/files/foreignSources.ts');
const { syncOfText } = await import('../../../../src/ui/files/syncState.ts');

suite('deployed sources that came from elsewhere', () => {
  let memory: Map<string, unknown>;
  let code: string;
  let asked: number;
  let row: DoClass;
  let session: ReadySession;
  let sources: Sources;
  let told: number;

  setup(() => {
    memory = new Map();
    code = 'first';
    asked = 0;
    row = rowOf(1);
    session = newSession();
    start();
  });

  teardown(() => sources.dispose());

  /** As after a reload of the window. */
  function start(): void {
    told = 0;
    sources = new ForeignSources(
      {
        get: (key) => memory.get(key),
        update: (key, value) => Promise.resolve(void memory.set(key, value)),
      },
      () => session,
    );
    sources.onDidChange(() => (told += 1));
  }

  function newSession(appId = 'app_1'): ReadySession {
    const get = (): Promise<unknown> => {
      asked += 1;
      return Promise.resolve({ ...row, code });
    };
    return {
      kind: 'ready',
      connection: { kind: 'remote', origin: 'https://platform.test', label: 'Butterbase' },
      app: { id: appId, name: appId, subdomain: undefined, region: undefined },
      operations: Object.assign(Object.create(null), { get }) as AppOperations,
      instanceBase: undefined,
    };
  }

  function deploy(text: string): void {
    code = text;
    row = rowOf(Number(row.lastDeployedAt) + 1);
  }

  const compare = (text: string): Promise<unknown> => syncOfText(row, text, session);
  const foreign = (): unknown[] => [...sources.of([row])];

  test('whoever edits a file that was equal has none, after a reload either', async () => {
    await compare('first');
    await compare('first, edited');
    assert.deepEqual(foreign(), []);
    sources.dispose();
    session = newSession();
    start();
    await compare('first, edited');
    assert.deepEqual(foreign(), []);
    assert.equal(told, 0);
  });

  test('what somebody else deployed since is one, until the file is equal to it', async () => {
    await compare('first');
    deploy('of another');
    assert.deepEqual(foreign(), []);
    await compare('first, edited');
    assert.deepEqual(foreign(), [['room', 'of another']]);
    assert.equal(told, 1);
    await compare('of another');
    assert.deepEqual(foreign(), []);
    await compare('edited again');
    assert.deepEqual(foreign(), []);
    assert.equal(told, 2);
  });

  test('what this workspace never had is one', async () => {
    await compare('not deployed from here');
    assert.deepEqual(foreign(), [['room', 'first']]);
  });

  test('an editor that was equal for a moment has it from there', async () => {
    await compare('other');
    sources.seen('room');
    assert.deepEqual(foreign(), []);
    await compare('edited');
    assert.deepEqual(foreign(), []);
    assert.equal(told, 2);
  });

  test('what was deployed from here is none, although the file was edited before it was compared', async () => {
    await compare('mine');
    sources.deployedHere(session, 'room', 'mine');
    assert.deepEqual(foreign(), []);
    deploy('mine');
    await compare('mine, edited');
    assert.deepEqual(foreign(), []);
  });

  test('it asks for no source, and none outlives its deploy, its app or its session', async () => {
    assert.deepEqual(foreign(), []);
    assert.equal(asked, 0);
    await compare('other');
    assert.equal(asked, 1);
    assert.deepEqual(sources.of([rowOf(2)]), new Map());
    session = newSession('app_2');
    assert.deepEqual(foreign(), []);
  });

  test('no source is kept on disk', async () => {
    code = 'const key = "secret"';
    await compare(code);
    assert.equal(memory.size, 1);
    assert.doesNotMatch(JSON.stringify([...memory]), /secret/);
  });
});

function rowOf(deploy: number): DoClass {
  return {
    id: 'room',
    name: 'room',
    className: 'Room',
    status: 'READY',
    accessMode: 'public',
    lastDeployedAt: String(deploy),
    errorMessage: undefined,
  };
}
