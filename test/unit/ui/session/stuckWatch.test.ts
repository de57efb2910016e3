import '../vscodeStub.ts';
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { setup, suite, teardown, test } from 'mocha';
import type { StuckState } from '../../../../src/core/plan/stuck.ts';
import type { AppOperations } from '../../../../src/operations/appOperations.ts';
import type { AppSnapshot } from '../../../../src/ui/session/appState.ts';
import type { ReadySession } from '../../../../src/ui/session/session.ts';
import type { StuckWatch as Subject } from '../../../../src/ui/session/stuckWatch.ts';
import { EventEmitter } from '../vscodeModule.ts';

const { DoError } = await import('../../../../src/core/errors.ts');
const { StuckWatch } = await import('../../../../src/ui/session/stuckWatch.ts');
const { stuckNodes, stuckView } = await import('../../../../src/ui/tree/stuckView.ts');

const GONE: StuckState = {
  kind: 'rowGone',
  about: ['room'],
  message: 'room was deleted, but *runs*.',
  nextStep: 'Restore it.',
  onlySupport: false,
};
const LOST: StuckState = { ...GONE, kind: 'tagLost', about: ['room', 'hall'], onlySupport: true };

suite('what is wrong with an app', () => {
  let refreshed: EventEmitter<AppSnapshot | undefined>;
  let watch: Subject;
  let answers: (() => Promise<readonly StuckState[] | undefined>)[];
  let fired: number;
  const session: ReadySession = {
    kind: 'ready',
    connection: { kind: 'remote', origin: 'https://platform.test', label: 'Butterbase' },
    app: { id: 'app_1', name: 'app', subdomain: undefined, region: undefined },
    operations: Object.assign(Object.create(null), { stuck: () => answers.shift()?.() }) as AppOperations,
    instanceBase: undefined,
  };

  setup(() => {
    answers = [];
    fired = 0;
    refreshed = new EventEmitter();
    watch = new StuckWatch(() => session, { onDidChange: refreshed.event });
    watch.onDidChange(() => (fired += 1));
  });
  teardown(() => watch.dispose());

  async function refresh(shown: AppSnapshot, states?: readonly StuckState[]): Promise<void> {
    answers.push(() => Promise.resolve(states));
    refreshed.fire(shown);
    await turn();
  }

  test('is looked for with each refresh, and told when it changed', async () => {
    await refresh(snapshot(), []);
    assert.equal(fired, 0);
    await refresh(snapshot(), [GONE]);
    await refresh(snapshot(), [GONE]);
    assert.equal(fired, 1);
    assert.deepEqual(watch.statesOf(snapshot()), [GONE]);
    assert.deepEqual(watch.statesOf({ ...snapshot(), appId: 'app_2' }), []);
    await refresh(snapshot(), []);
    assert.equal(fired, 2);
    assert.deepEqual(watch.statesOf(snapshot()), []);
  });

  test('stays while nobody can say: offline, and while a change is on its way', async () => {
    await refresh(snapshot(), [GONE]);
    const stale = new DoError({ code: 'X', message: 'away', nextStep: '' });
    await refresh({ ...snapshot(), stale }, []);
    answers.length = 0;
    await refresh(snapshot(), undefined);
    assert.deepEqual(watch.statesOf(snapshot()), [GONE]);
    assert.equal(fired, 1);
  });

  test('an answer that a later refresh overtakes is dropped', async () => {
    let answer: (states: readonly StuckState[]) => void = () => undefined;
    answers.push(() => new Promise((resolve) => (answer = resolve)));
    refreshed.fire(snapshot());
    await refresh(snapshot(), []);
    answer([GONE]);
    await turn();
    assert.deepEqual(watch.statesOf(snapshot()), []);
  });

  test('is shown in a few words, with all of it in the tooltip and for screen readers', () => {
    const [gone, lost] = stuckNodes('local/app_1', [GONE, LOST]).map((node) => stuckView(node));
    assert.equal(gone?.label, 'room was deleted, but may still run');
    assert.equal(
      gone.accessibilityLabel,
      'Trouble: room was deleted, but may still run. room was deleted, but *runs*.',
    );
    assert.match(gone.tooltip, /but \\\*runs\\\*.*Restore it/s);
    assert.equal(gone.description, undefined);
    assert.equal(lost?.label, 'Every deploy of this app fails');
    assert.equal(lost.description, 'only support can mend this');
    assert.notEqual(gone.id, lost.id);
  });
});

function snapshot(): AppSnapshot {
  return {
    appId: 'app_1',
    place: 'https://platform.test',
    classes: [],
    envKeys: [],
    usage: undefined,
    at: 0,
    stale: undefined,
  };
}
