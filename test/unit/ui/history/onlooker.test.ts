import '../vscodeStub.ts';
import assert from 'node:assert/strict';
import { setup, suite, teardown, test } from 'mocha';
import type { DoClass } from '../../../../src/core/model/app.ts';
import type { AppOperations } from '../../../../src/operations/appOperations.ts';
import type { HistoryEntry } from '../../../../src/operations/history/history.ts';
import { hashOf } from '../../../../src/operations/history/sourceStore.ts';
import type { Onlooker as Subject } from '../../../../src/ui/history/onlooker.ts';
import type { AppSnapshot } from '../../../../src/ui/session/appState.ts';
import type { ReadySession } from '../../../../src/ui/session/session.ts';
import { entry } from '../../operations/history/facts.ts';
import { EventEmitter } from '../vscodeModule.ts';

const { Onlooker } = await import('../../../../src/ui/history/onlooker.ts');
const { syncOfText } = await import('../../../../src/ui/files/syncState.ts');

suite('changes made elsewhere', () => {
  let memory: Map<string, unknown>;
  let refreshed: EventEmitter<AppSnapshot | undefined>;
  let session: ReadySession;
  let onlooker: Subject;
  /** What the history has as the newest of each class that is deployed. */
  let newest: Map<string, HistoryEntry>;
  /** DO names that were read, one list for each reading. */
  let readings: string[][];
  let deploys: number;
  let failure: Error | undefined;
  const state = {
    snapshot: undefined as AppSnapshot | undefined,
    get onDidChange() {
      return refreshed.event;
    },
  };

  setup(() => {
    memory = new Map();
    readings = [];
    deploys = 0;
    failure = undefined;
    newest = new Map();
    session = newSession();
    start();
  });

  teardown(() => onlooker.dispose());

  /** As after a reload of the window. */
  function start(): void {
    refreshed = new EventEmitter();
    onlooker = new Onlooker(
      {
        get: (key) => memory.get(key),
        update: (key, value) => Promise.resolve(void memory.set(key, value)),
      },
      () => session,
      state,
    );
  }

  function newSession(appId = 'app_1'): ReadySession {
    const recordSeen = (known: ReadonlySet<string>): Promise<Map<string, HistoryEntry>> => {
      if (failure !== undefined) return Promise.reject(failure);
      const wanted = [...newest].filter(([name]) => !known.has(name));
      readings.push(wanted.map(([name]) => name));
      return Promise.resolve(new Map(wanted));
    };
    const get = (name: string): Promise<unknown> => Promise.resolve({ ...rowOf(name), code: codeOf(name) });
    return {
      kind: 'ready',
      connection: { kind: 'remote', origin: 'https://platform.test', label: 'Butterbase' },
      app: { id: appId, name: appId, subdomain: undefined, region: undefined },
      operations: Object.assign(Object.create(null), { recordSeen, get }) as AppOperations,
      instanceBase: undefined,
    };
  }

  const codes = new Map<string, string>();
  const codeOf = (name: string): string => codes.get(name) ?? '';

  function deployed(name: string, code: string, from: HistoryEntry['from'] = 'elsewhere'): void {
    deploys += 1;
    codes.set(name, code);
    const event = from === 'elsewhere' ? 'seen' : 'deployed';
    newest.set(name, entry(deploys, { name, hash: hashOf(code), from, event }));
  }

  function rowOf(name: string): DoClass {
    return {
      ...{ id: name, name, className: 'A', status: 'READY', accessMode: 'public', errorMessage: undefined },
      lastDeployedAt: newest.get(name)?.at,
    };
  }

  async function refresh(stale = false): Promise<void> {
    state.snapshot = {
      ...{ appId: session.app.id, place: 'https://platform.test', envKeys: [], usage: undefined, at: 0 },
      classes: [...newest.keys()].map(rowOf),
      stale: stale ? (new Error('offline') as never) : undefined,
    };
    refreshed.fire(state.snapshot);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }

  const kind = (name = 'room'): string | undefined => onlooker.sight(name)?.kind;

  test('are read when a refresh shows a deploy, and not with every refresh', async () => {
    deployed('room', 'one');
    deployed('other', 'one');
    await refresh();
    await refresh();
    deployed('room', 'two');
    await refresh();
    assert.deepEqual(readings, [['room', 'other'], ['room']]);
  });

  test('are marked until a person looks, after a reload too', async () => {
    deployed('room', 'one');
    await refresh();
    assert.equal(kind(), 'first');
    deployed('room', 'two');
    await refresh();
    assert.equal(kind(), 'changed');
    onlooker.dispose();
    session = newSession();
    start();
    assert.equal(kind(), undefined, 'nothing was read yet');
    await refresh();
    assert.equal(kind(), 'changed');
    onlooker.looked('room');
    assert.equal(kind(), 'known');
    deployed('room', 'three');
    await refresh();
    assert.equal(kind(), 'changed');
  });

  test('are none of those that this editor made', async () => {
    deployed('room', 'one', 'editor');
    await refresh();
    deployed('room', 'two', 'editor');
    await refresh();
    assert.equal(kind(), 'known');
    deployed('room', 'three', 'cli');
    await refresh();
    assert.equal(kind(), 'changed');
  });

  test('have been seen when a file here is equal to them, whichever is known first', async () => {
    deployed('room', 'one');
    await refresh();
    await syncOfText(rowOf('room'), 'one', session);
    assert.equal(kind(), 'known');
    deployed('room', 'two');
    await syncOfText(rowOf('room'), 'two', session);
    await refresh();
    assert.equal(kind(), 'known');
    deployed('room', 'three');
    await refresh();
    await syncOfText(rowOf('room'), 'not three', session);
    assert.equal(kind(), 'changed');
  });

  test('are looked for before a deploy, also when no refresh has shown any', async () => {
    deployed('room', 'one', 'editor');
    await refresh();
    deployed('room', 'two');
    await onlooker.see(session);
    assert.equal(kind(), 'known', 'the rows are those of before');
    await onlooker.see(session, 'room');
    assert.equal(kind(), 'changed');
  });

  test('of another app, or while the platform is away, are not looked for', async () => {
    deployed('room', 'one');
    await refresh(true);
    assert.deepEqual(readings, []);
    await refresh();
    deployed('room', 'two');
    await refresh();
    assert.equal(kind(), 'changed');
    session = newSession('app_2');
    assert.equal(kind(), undefined);
    await refresh();
    assert.equal(kind(), 'first', 'of that app nothing was seen before');
  });

  test('that cannot be recorded are tried again with the next refresh', async () => {
    failure = new Error('disk full');
    deployed('room', 'one');
    await refresh();
    assert.equal(kind(), undefined);
    failure = undefined;
    await refresh();
    assert.equal(kind(), 'first');
  });

  test('include a class that is gone, of which the history is told', async () => {
    deployed('room', 'one');
    deployed('other', 'one');
    await refresh();
    newest.delete('other');
    await refresh();
    await refresh();
    assert.deepEqual(readings, [['room', 'other'], []]);
  });
});
