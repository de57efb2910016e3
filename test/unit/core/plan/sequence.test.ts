import assert from 'node:assert/strict';
import type { Plan, PlannedApp, WantedChange } from '../../../../src/core/plan/planTypes.ts';
import {
  inBestOrder,
  inOrder,
  type Judge,
  type Sequence,
  type Verdict,
} from '../../../../src/core/plan/sequence.ts';
import { failed, row } from './rows.ts';

type Planned = Sequence<WantedChange, Verdict>;

function app(rows: PlannedApp['rows']): PlannedApp {
  return { rows, envKeys: [] };
}

function deploy(name: string, className: string): Extract<WantedChange, { kind: 'deploy' }> {
  return { kind: 'deploy', name, className };
}

/** All that the platform takes can go. */
const takes: Judge<WantedChange, Verdict> = (_app, _change, { obstacle }) => ({
  goes: obstacle === undefined,
});

/** And loses nothing. */
const loses: Judge<WantedChange, Verdict> = (_app, _change, plan) => ({
  goes: plan.obstacle === undefined && destroyedIn(plan).length === 0,
});

function destroyedIn({ fates }: Plan): string[] {
  return fates.filter(({ kind }) => kind === 'destroyed').map(({ className }) => className);
}

function destroyed({ steps }: Planned): string[] {
  return steps.flatMap(({ plan }) => destroyedIn(plan));
}

/** `name` of each deploy, with `!` before one that cannot go. */
function names({ steps }: Planned): string[] {
  return steps.map(({ change, verdict }) => {
    const name = 'name' in change ? change.name : change.kind;
    return verdict.goes ? name : `!${name}`;
  });
}

suite('several changes', () => {
  suite('in the order that is given', () => {
    test('the repair before the others keeps what they would have destroyed', async () => {
      const before = app([failed('a', 'A'), row('b', 'B')]);
      assert.deepEqual(destroyed(await inOrder(before, [deploy('b', 'B'), deploy('a', 'A')], takes)), ['A']);
      assert.deepEqual(destroyed(await inOrder(before, [deploy('a', 'A'), deploy('b', 'B')], takes)), []);
    });

    test('a class cannot move to another name while it is there; what cannot go changes nothing', async () => {
      const before = app([row('room-a', 'Room')]);
      const drop: WantedChange = { kind: 'delete', name: 'room-a' };
      const beside = await inOrder(before, [deploy('room-b', 'Room'), drop], takes);
      assert.deepEqual(names(beside), ['!room-b', 'room-a']);
      assert.deepEqual(beside.after.rows, []);
      const after = await inOrder(before, [drop, deploy('room-b', 'Room')], takes);
      assert.deepEqual(names(after), ['room-a', 'room-b']);
      assert.deepEqual(destroyed(after), ['Room']);
    });

    test('five at most, and one more once one is gone', async () => {
      const five = app(['a', 'b', 'c', 'd', 'e'].map((name) => row(name, name.toUpperCase())));
      assert.deepEqual(names(await inOrder(five, [deploy('f', 'F')], takes)), ['!f']);
      const swap = await inOrder(five, [{ kind: 'delete', name: 'a' }, deploy('f', 'F')], takes);
      assert.deepEqual(names(swap), ['a', 'f']);
      assert.deepEqual(
        swap.after.rows.map(({ name }) => name),
        ['b', 'c', 'd', 'e', 'f'],
      );
    });

    test('the app afterwards has the source and the access mode that were deployed', async () => {
      const change = { ...deploy('a', 'A'), code: 'code', accessMode: 'service_key' as const };
      const { steps, after } = await inOrder(app([]), [change, change], takes);
      assert.deepEqual(
        steps.map(({ plan }) => plan.fates[0]?.kind),
        ['created', 'unchanged'],
      );
      assert.equal(after.rows[0]?.accessMode, 'service_key');
      assert.equal(after.sources?.get('a'), 'code');
    });
  });

  suite('in the best order', () => {
    test('as given, when all can go', async () => {
      const changes = [deploy('b', 'B'), deploy('a', 'A')];
      assert.deepEqual(names(await inBestOrder(app([]), changes, loses)), ['b', 'a']);
    });

    test('what would be lost by one is brought back by the other before', async () => {
      const before = app([failed('a', 'A'), row('b', 'B')]);
      const found = await inBestOrder(before, [deploy('b', 'B'), deploy('a', 'A')], loses);
      assert.deepEqual(names(found), ['a', 'b']);
      assert.deepEqual(destroyed(found), []);
    });

    test('a class name goes from one to the other once the first has given it up', async () => {
      const before = app([row('a', 'Room'), row('b', 'Hall')]);
      const changes = [deploy('b', 'Room'), deploy('a', 'Lobby')];
      assert.deepEqual(names(await inBestOrder(before, changes, takes)), ['a', 'b']);
    });

    test('what the plan does not know decides, too, such as whether the module loads', async () => {
      const loads: Judge<WantedChange, Verdict> = ({ rows }, change) => {
        const needs = change.kind === 'deploy' && change.name !== 'base';
        return Promise.resolve({ goes: !needs || rows.some(({ name }) => name === 'base') });
      };
      const changes = [deploy('a', 'A'), deploy('b', 'B'), deploy('base', 'Base')];
      assert.deepEqual(names(await inBestOrder(app([]), changes, loads)), ['base', 'a', 'b']);
    });

    test('as given with what stands in the way, when there is none', async () => {
      const before = app([row('a', 'A')]);
      const changes = [deploy('b', 'A'), deploy('c', 'C')];
      assert.deepEqual(names(await inBestOrder(before, changes, takes)), ['!b', 'c']);
    });

    test('the search ends, also when there are many and none can go last', async () => {
      let judged = 0;
      const changes = Array.from({ length: 30 }, (_, at) => deploy(`c${at}`, `C${at}`));
      const judge: Judge<WantedChange, Verdict> = (_app, change) => {
        judged += 1;
        return { goes: change !== changes[29] };
      };
      const found = await inBestOrder(app([]), changes, judge);
      assert.deepEqual(names(found).at(-1), '!c29');
      assert.ok(judged < 150, `${judged}`);
    });
  });
});
