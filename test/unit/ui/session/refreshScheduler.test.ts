import '../vscodeStub.ts';
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { suite, test } from 'mocha';
import { DoError } from '../../../../src/core/errors.ts';
import type { AppState } from '../../../../src/ui/session/appState.ts';
import type { Session } from '../../../../src/ui/session/session.ts';
import type { SessionStore } from '../../../../src/ui/session/sessionStore.ts';
import { EventEmitter, setFocused, setSetting } from '../vscodeModule.ts';

const { RefreshScheduler } = await import('../../../../src/ui/session/refreshScheduler.ts');

const MINUTE = 60_000;

const AWAY = new DoError({ code: 'UNREACHABLE', message: 'Away.', nextStep: 'Wait.' });

/** A session and the state of its app, which write down what they are asked to do. */
class Outside {
  readonly done: string[] = [];
  stale: DoError | undefined;
  #current = { kind: 'ready' } as Session;
  readonly #changed = new EventEmitter<Session>();

  readonly session = Object.create(null, {
    current: { get: () => this.#current },
    onDidChange: { value: this.#changed.event },
    look: { value: () => this.#note('look') },
    start: { value: () => this.#note('start') },
    reconnect: { value: () => this.#note('reconnect') },
  }) as SessionStore;

  readonly state = Object.create(null, {
    snapshot: { get: () => ({ stale: this.stale }) },
    sessionChanged: { value: () => undefined },
    refresh: { value: () => this.#note('refresh') },
  }) as AppState;

  become(session: Session): void {
    this.#current = session;
    this.#changed.fire(session);
  }

  /** What was done since this was asked last. */
  take(): string[] {
    return this.done.splice(0);
  }

  #note(what: string): Promise<void> {
    this.done.push(what);
    return Promise.resolve();
  }
}

suite('when an app is asked again', () => {
  let outside: Outside;
  let scheduler: InstanceType<typeof RefreshScheduler>;

  setup(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_800_000_000_000 });
    setFocused(true);
    setSetting('butterbaseDO.refreshInterval', undefined);
    outside = new Outside();
    scheduler = new RefreshScheduler(outside.session, outside.state);
  });

  teardown(() => {
    scheduler.dispose();
    mock.timers.reset();
  });

  /** Lets time pass in steps, so that what a timer begins is done before the next one. */
  async function pass(ms: number): Promise<string[]> {
    for (let left = ms; left > 0; left -= 1000) {
      mock.timers.tick(Math.min(left, 1000));
      for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
    }
    return outside.take();
  }

  test('a view that is shown connects the window, and then the app is asked about once a minute', async () => {
    assert.deepEqual(await pass(5 * MINUTE), [], 'nobody looks');
    scheduler.setVisible('classes', true);
    assert.deepEqual(outside.take(), ['look']);
    const asked = await pass(10 * MINUTE);
    assert.ok(asked.length >= 9 && asked.length <= 12, `${asked.length}`);
    assert.deepEqual([...new Set(asked)], ['refresh']);
  });

  test('not while no view is shown, and not while the person is in another window', async () => {
    scheduler.setVisible('classes', true);
    scheduler.setVisible('env', true);
    scheduler.setVisible('classes', false);
    await pass(2 * MINUTE);
    scheduler.setVisible('env', false);
    assert.deepEqual(await pass(5 * MINUTE), []);
    scheduler.setVisible('env', true);
    await pass(1000);
    setFocused(false);
    assert.deepEqual(await pass(5 * MINUTE), []);
    setFocused(true);
    assert.deepEqual(await pass(1000), ['refresh'], 'at once when the person comes back after long');
  });

  test('as often as is set, or never by itself', async () => {
    scheduler.setVisible('classes', true);
    await pass(1000);
    setSetting('butterbaseDO.refreshInterval', 10);
    const often = await pass(MINUTE);
    assert.ok(often.length >= 5 && often.length <= 7, `${often.length}`);
    setSetting('butterbaseDO.refreshInterval', 0);
    assert.deepEqual(await pass(10 * MINUTE), []);
    await scheduler.now();
    assert.deepEqual(outside.take(), ['refresh'], 'when somebody asks');
  });

  test('events of the platform that come together are one refresh', async () => {
    for (let event = 0; event < 5; event += 1) scheduler.soon();
    assert.deepEqual(await pass(1000), ['refresh']);
    scheduler.soon();
    assert.deepEqual(await pass(1000), ['refresh']);
    outside.become({ kind: 'unreachable', error: AWAY } as Session);
    scheduler.soon();
    assert.deepEqual(await pass(1000), [], 'of a platform that does not answer');
  });

  test('at once for an app that was just connected', async () => {
    outside.become({ kind: 'connecting' } as unknown as Session);
    assert.deepEqual(outside.take(), []);
    outside.become({ kind: 'ready' } as Session);
    assert.deepEqual(await pass(1000), ['refresh']);
  });

  test('less and less often while it fails, and as before when it is back', async () => {
    scheduler.setVisible('classes', true);
    await pass(1000);
    outside.stale = AWAY;
    assert.ok((await pass(30 * MINUTE)).length <= 10);
    outside.stale = undefined;
    await scheduler.now();
    outside.take();
    assert.ok((await pass(10 * MINUTE)).length >= 9);
  });

  test('a platform that does not answer is connected anew, by itself and when somebody asks', async () => {
    scheduler.setVisible('classes', true);
    await pass(1000);
    outside.become({ kind: 'unreachable', error: AWAY } as Session);
    const tried = await pass(10 * MINUTE);
    assert.deepEqual([...new Set(tried)], ['reconnect']);
    await scheduler.now();
    assert.deepEqual(outside.take(), ['start']);
  });

  test('never after it is disposed', async () => {
    scheduler.setVisible('classes', true);
    scheduler.soon();
    outside.take();
    scheduler.dispose();
    setFocused(true);
    assert.deepEqual(await pass(10 * MINUTE), []);
  });
});
