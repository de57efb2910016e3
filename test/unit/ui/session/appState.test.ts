import '../vscodeStub.ts';
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { DoError, ERROR_CODES } from '../../../../src/core/errors.ts';
import type { Usage } from '../../../../src/core/model/app.ts';
import type { AppOperations } from '../../../../src/operations/appOperations.ts';
import type { AppSnapshot } from '../../../../src/ui/session/appState.ts';
import type { Connection, ReadySession, Session } from '../../../../src/ui/session/session.ts';

const { AppState } = await import('../../../../src/ui/session/appState.ts');

const LOCAL: Connection = { kind: 'local', origin: 'http://127.0.0.1:4000', label: 'Local Platform' };
const REMOTE: Connection = { kind: 'remote', origin: 'https://own.example.com', label: 'own.example.com' };

/** A platform that counts how often it is asked, and a session with one of its apps. */
class Outside {
  asked = 0;
  keys: readonly string[] = ['A'];
  appKeys: readonly string[] | undefined = ['B'];
  appEnvFailure: DoError | undefined;
  failure: DoError | undefined;
  usageFailure: DoError | undefined;
  hold: Promise<void> = Promise.resolve();
  told: string[] = [];
  current: Session = this.session('app_1', LOCAL);
  kept: AppSnapshot | undefined;
  readonly memory = {
    get: (): AppSnapshot | undefined => this.kept,
    set: (snapshot: AppSnapshot): void => void (this.kept = snapshot),
  };

  keyRejected = (error: DoError): void => void this.told.push(`rejected ${error.code}`);
  appUnreadable = (error: DoError): void => void this.told.push(`unreadable ${error.code}`);

  session(id: string, connection: Connection): ReadySession {
    const answers = {
      list: async () => {
        this.asked += 1;
        await this.hold;
        if (this.failure !== undefined) throw this.failure;
        return [];
      },
      listEnv: () => Promise.resolve(this.keys),
      listAppEnv: () =>
        this.appEnvFailure === undefined ? Promise.resolve(this.appKeys) : Promise.reject(this.appEnvFailure),
      usage: (): Promise<Usage> =>
        this.usageFailure === undefined
          ? Promise.resolve({ requests: 1, cpuMs: 2 })
          : Promise.reject(this.usageFailure),
    };
    return {
      kind: 'ready',
      connection,
      app: { id, name: id, subdomain: undefined, region: undefined },
      operations: Object.assign(Object.create(null), answers) as AppOperations,
      instanceBase: undefined,
    };
  }
}

suite('state of the app', () => {
  test('calls while one runs share one more run, which sees what changed meanwhile', async () => {
    const outside = new Outside();
    const state = new AppState(outside, outside.memory);
    const first = state.refresh();
    outside.keys = ['A', 'B'];
    await Promise.all([first, state.refresh(), state.refresh(), state.refresh()]);
    assert.equal(outside.asked, 2);
    assert.deepEqual(state.snapshot?.envKeys, ['A', 'B']);
  });

  test('asks nothing without an app', async () => {
    const outside = new Outside();
    outside.current = { kind: 'signedOut', connection: REMOTE };
    await new AppState(outside, outside.memory).refresh();
    assert.equal(outside.asked, 0);
  });

  test('a failed refresh keeps what was known, marked with the reason, until one succeeds', async () => {
    const outside = new Outside();
    const state = new AppState(outside, outside.memory);
    await state.refresh();
    outside.failure = doError(ERROR_CODES.timeout);
    await state.refresh();
    assert.deepEqual(state.snapshot?.envKeys, ['A']);
    assert.equal(state.snapshot.stale, outside.failure);
    outside.failure = undefined;
    await state.refresh();
    assert.equal(state.snapshot.stale, undefined);
    assert.deepEqual(outside.told, []);
  });

  test('the first failure and a refused key are the business of the session', async () => {
    const outside = new Outside();
    const state = new AppState(outside, outside.memory);
    outside.failure = doError(ERROR_CODES.timeout);
    await state.refresh();
    outside.failure = doError('AUTH_INVALID_API_KEY', 401);
    await state.refresh();
    assert.deepEqual(outside.told, ['unreadable TIMEOUT', 'rejected AUTH_INVALID_API_KEY']);
  });

  test('classes are shown also when the usage cannot be had', async () => {
    const outside = new Outside();
    const state = new AppState(outside, outside.memory);
    outside.usageFailure = doError(ERROR_CODES.badResponse);
    await state.refresh();
    assert.deepEqual(state.snapshot?.envKeys, ['A']);
    assert.equal(state.snapshot.usage, undefined);
  });

  test('the variables of the whole app belong to it; without them the rest is shown', async () => {
    const outside = new Outside();
    const state = new AppState(outside, outside.memory);
    await state.refresh();
    assert.deepEqual(state.snapshot?.appEnvKeys, ['B']);
    outside.appEnvFailure = doError(ERROR_CODES.badResponse);
    await state.refresh();
    assert.deepEqual(state.snapshot.envKeys, ['A']);
    assert.equal(state.snapshot.appEnvKeys, undefined);
    assert.deepEqual(outside.told, []);
  });

  test('an answer about an app that is no longer selected is dropped', async () => {
    const outside = new Outside();
    const state = new AppState(outside, outside.memory);
    let go: () => void = () => assert.fail('not waiting');
    outside.hold = new Promise((resolve) => {
      go = resolve;
    });
    const refresh = state.refresh();
    outside.current = outside.session('app_2', LOCAL);
    go();
    await refresh;
    assert.equal(state.snapshot, undefined);
  });

  test('a window that opens while the platform is away shows what was known last, marked as such', async () => {
    const outside = new Outside();
    await new AppState(outside, outside.memory).refresh();
    const error = doError(ERROR_CODES.unreachable);
    const open = (connection: Connection): AppSnapshot | undefined => {
      const state = new AppState(outside, outside.memory);
      outside.current = { kind: 'unreachable', connection, error };
      state.sessionChanged();
      return state.snapshot;
    };
    assert.deepEqual(open(LOCAL)?.envKeys, ['A']);
    assert.equal(open(LOCAL)?.stale, error);
    assert.equal(open(REMOTE), undefined);
  });

  test('what was known stays while its own connection is away, and goes with any other', async () => {
    const outside = new Outside();
    const state = new AppState(outside, outside.memory);
    const move = (session: Session): void => {
      outside.current = session;
      state.sessionChanged();
    };
    await state.refresh();
    move({ kind: 'connecting', connection: LOCAL });
    assert.notEqual(snapshotOf(state), undefined);
    const error = doError(ERROR_CODES.unreachable);
    move({ kind: 'unreachable', connection: LOCAL, error });
    assert.equal(snapshotOf(state)?.stale, error);
    move(outside.session('app_1', LOCAL));
    assert.notEqual(snapshotOf(state), undefined);
    move({ kind: 'connecting', connection: REMOTE });
    assert.equal(snapshotOf(state), undefined);
  });

  test('the same app id on another platform is another app', async () => {
    const outside = new Outside();
    const state = new AppState(outside, outside.memory);
    await state.refresh();
    outside.current = outside.session('app_1', REMOTE);
    state.sessionChanged();
    assert.equal(state.snapshot, undefined);
  });
});

/** The snapshot as it is at this moment: what was asserted before says nothing about it. */
function snapshotOf(state: InstanceType<typeof AppState>): AppSnapshot | undefined {
  return state.snapshot;
}

function doError(code: string, status?: number): DoError {
  return new DoError({ code, message: 'No.', nextStep: 'Yes.', ...(status === undefined ? {} : { status }) });
}
