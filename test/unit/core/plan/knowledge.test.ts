import assert from 'node:assert/strict';
import type { DoClass } from '../../../../src/core/model/app.ts';
import {
  afterChange,
  firstKnowledge,
  observe,
  type ChangeEnd,
  type Knowledge,
} from '../../../../src/core/plan/knowledge.ts';
import { planChange } from '../../../../src/core/plan/plan.ts';
import type { WantedChange } from '../../../../src/core/plan/planTypes.ts';
import { destroyedBy, failed, neverDeployed, row } from './rows.ts';

const DONE: ChangeEnd = { kind: 'accepted', redeployed: true };
const REFUSED: ChangeEnd = { kind: 'refused', message: 'CF API error (500) /x: [10013] An unknown error' };
const LATER = '2026-11-22T11:00:00.000Z';

function lostBy(rows: readonly DoClass[], knowledge: Knowledge | undefined, change: WantedChange): string[] {
  return destroyedBy(planChange({ rows, envKeys: [], knowledge }, change));
}

const redeploy: WantedChange = { kind: 'redeploy' };

suite('what is remembered of an app', () => {
  test('survives being kept as JSON', () => {
    const known = observe(undefined, [row('a', 'A'), failed('b', 'B')]);
    assert.deepEqual(JSON.parse(JSON.stringify(known)), known);
  });

  test('d: a deleted row whose upload failed is known to run on', () => {
    const before = [row('a', 'A'), row('b', 'B')];
    const after = [row('b', 'B')];
    const known = afterChange(observe(undefined, before), 'a', REFUSED, after);
    const plan = planChange({ rows: after, envKeys: [], knowledge: known }, redeploy);
    const [, gone] = plan.fates;
    assert.ok(gone?.kind === 'destroyed');
    assert.deepEqual([gone.name, gone.className, gone.cause, gone.certain], ['a', 'A', 'rowGone', true]);
    assert.deepEqual(
      plan.stuck.map(({ kind, about }) => [kind, about]),
      [['rowGone', ['a']]],
    );
    const again: WantedChange = { kind: 'deploy', name: 'a', className: 'A' };
    assert.deepEqual(lostBy(after, known, again), [], 'deployed again it is kept');
  });

  test('what a deploy of ours left out is gone, and is not told again', () => {
    const before = [failed('a', 'A'), row('b', 'B')];
    assert.deepEqual(lostBy(before, undefined, redeploy), ['A']);
    const known = afterChange(observe(undefined, before), 'b', DONE, before);
    assert.deepEqual(lostBy(before, known, redeploy), []);
  });

  test('a deploy that failed under another class name leaves the class of before', () => {
    const before = [row('a', 'A'), row('b', 'B')];
    const after = [failed('a', 'New'), row('b', 'B')];
    const known = afterChange(observe(undefined, before), 'a', REFUSED, after);
    assert.deepEqual(lostBy(after, known, redeploy), ['A']);
    assert.deepEqual(lostBy(after, known, { kind: 'deploy', name: 'a', className: 'New' }), ['A']);
    assert.deepEqual(lostBy(after, known, { kind: 'deploy', name: 'a', className: 'A' }), []);
    assert.deepEqual(lostBy(after, undefined, { kind: 'deploy', name: 'a', className: 'New' }), []);
    const cautions = planChange(
      { rows: after, envKeys: [] },
      { kind: 'deploy', name: 'a', className: 'New' },
    );
    assert.deepEqual(
      cautions.cautions.map(({ kind, about }) => [kind, about]),
      [['unsureClass', 'a']],
      'who sees it for the first time is told that it is not known',
    );
  });

  test('a change that was cut off may have been made or not', () => {
    const before = [row('a', 'A')];
    const known = afterChange(observe(undefined, before), 'a', { kind: 'unknown' }, [
      row('a', 'New', { lastDeployedAt: LATER }),
    ]);
    const held = known.held.map(({ className, certain }) => [className, certain]).sort();
    assert.deepEqual(held, [
      ['A', false],
      ['New', false],
    ]);
  });

  test('an env change without an upload changes nothing that is held', () => {
    const rows = [failed('a', 'A')];
    const known = observe(undefined, rows);
    const after = afterChange(known, undefined, { kind: 'accepted', redeployed: false }, rows);
    assert.deepEqual(after.held, known.held);
  });

  suite('while others change the app', () => {
    const known = afterChange(firstKnowledge([]), 'a', DONE, [row('a', 'A'), row('b', 'B')]);

    test('a row that went may still run', () => {
      const now = observe(known, [row('b', 'B')]);
      assert.deepEqual(lostBy([row('b', 'B')], now, redeploy), ['A']);
      assert.equal(now.held.find(({ className }) => className === 'A')?.certain, false);
    });

    test('and does not any more when something was deployed after it went', () => {
      const gone = observe(known, [row('b', 'B')]);
      const rows = [row('b', 'B', { lastDeployedAt: LATER })];
      assert.deepEqual(lostBy(rows, gone, redeploy), []);
    });

    test('unless that deploy was under way already', () => {
      const building = row('b', 'B', { status: 'BUILDING' });
      const gone = observe(known, [building]);
      assert.deepEqual(lostBy([row('b', 'B', { lastDeployedAt: LATER })], gone, redeploy), ['A']);
    });

    test('a row that failed is held, also when another was deployed at about that time', () => {
      const rows = [failed('a', 'A'), row('b', 'B', { lastDeployedAt: LATER })];
      assert.deepEqual(lostBy(rows, known, redeploy), ['A']);
    });

    test('a row that was deployed with another class has lost the one of before', () => {
      const rows = [row('a', 'New', { lastDeployedAt: LATER }), row('b', 'B')];
      assert.deepEqual(lostBy(rows, known, redeploy), []);
    });

    test('a row that was deployed and failed under another name may hold either', () => {
      const rows = [failed('a', 'New', { lastDeployedAt: LATER }), row('b', 'B')];
      assert.deepEqual(lostBy(rows, known, redeploy), ['A', 'New']);
    });

    test('a first deploy that failed holds nothing', () => {
      const rows = [row('a', 'A'), row('b', 'B'), neverDeployed('c', 'C')];
      assert.deepEqual(lostBy(rows, known, redeploy), []);
    });

    test('what they do during a change of ours is judged apart from it', () => {
      const after = [failed('a', 'A'), row('b', 'B', { lastDeployedAt: LATER })];
      const now = afterChange(known, 'b', DONE, after);
      assert.deepEqual(lostBy(after, now, redeploy), ['A'], 'it may have failed only after our upload');
    });
  });

  test('an upload whose answer never came is taken along by the removal of the script', () => {
    const message = 'Failed to deploy Durable Object Worker to Cloudflare: fetch failed';
    const before = [row('a', 'A')];
    const after = [row('a', 'A'), { ...neverDeployed('b', 'B'), errorMessage: message }];
    const known = afterChange(observe(undefined, before), 'b', { kind: 'refused', message }, after);
    assert.deepEqual(lostBy(after, known, { kind: 'delete', name: 'a' }), ['A', 'B']);
    assert.deepEqual(lostBy(after, known, redeploy), []);
    assert.deepEqual(lostBy(after, undefined, { kind: 'delete', name: 'a' }), ['A', 'B']);
  });
});
