import assert from 'node:assert/strict';
import { afterChange, observe, type Knowledge } from '../../../../src/core/plan/knowledge.ts';
import { stuckStates, type StuckInput } from '../../../../src/core/plan/stuck.ts';
import { tagRefusalIn } from '../../../../src/core/plan/tagRefusal.ts';
import { failed, row } from './rows.ts';

const MADE = Date.parse('2026-11-22T10:00:00.000Z');

function mismatch(expected: string, found: string): string {
  return `Cloudflare rejected the Durable Object deploy: migration tag mismatch. Original error: CF API error (412) /x: [10079] Actor migration tag precondition failed. Expected tag '${expected}' but found '${found}'`;
}

function kinds(input: StuckInput): string[] {
  return stuckStates(input).map(({ kind }) => kind);
}

/** What is known after deploys of `a` were refused with these messages. */
function refusedWith(...messages: string[]): { rows: StuckInput['rows']; knowledge: Knowledge } {
  let rows = [row('a', 'A')];
  let knowledge = observe(undefined, rows);
  for (const message of messages) {
    rows = [failed('a', 'A', { errorMessage: message })];
    knowledge = afterChange(knowledge, 'a', { kind: 'refused', message }, rows);
  }
  return { rows, knowledge };
}

suite('states in which an app is stuck', () => {
  test('an app that works is in none', () => {
    assert.deepEqual(stuckStates({ rows: [row('a', 'A'), failed('b', 'B')], envKeys: ['X'] }), []);
  });

  suite('the migration tag is lost', () => {
    test('one refusal may come from two deploys at once', () => {
      assert.deepEqual(kinds(refusedWith(mismatch(`v-${MADE}`, `v-${MADE + 500}`))), []);
    });

    test('the second one that names the same tag is for good, and only support helps', () => {
      const message = mismatch(`v-${MADE}`, `v-${MADE + 500}`);
      const [state] = stuckStates(refusedWith(message, message));
      assert.equal(state?.kind, 'tagLost');
      assert.equal(state.onlySupport, true);
      assert.match(state.message, /10079.*runs on with its data/);
      assert.match(state.nextStep, /support/);
    });

    test('a refusal with another tag in between is none', () => {
      const refusals = refusedWith(mismatch('v-1', 'v-2'), mismatch('v-2', 'v-3'));
      assert.deepEqual(kinds(refusals), []);
    });

    test('a script that is gone is for good at once', () => {
      const [state] = stuckStates(refusedWith(mismatch(`v-${MADE}`, '')));
      assert.match(state?.message ?? '', /gone from Cloudflare/);
      const removed = refusedWith(
        'CF API error (404) /x: [10007] This Worker does not exist on your account.',
      );
      assert.deepEqual(kinds(removed), ['tagLost']);
    });

    test('who sees it for the first time knows it by the age of the tag', () => {
      const rows = [failed('a', 'A', { errorMessage: mismatch('v-1', `v-${MADE}`) })];
      const at = (minutes: number) => new Map([['a', new Date(MADE + minutes * 60_000).toISOString()]]);
      assert.deepEqual(kinds({ rows, updatedAt: at(1) }), []);
      assert.deepEqual(kinds({ rows, updatedAt: at(10) }), ['tagLost']);
    });

    test('is over when something was deployed', () => {
      const message = mismatch('v-1', 'v-2');
      const { knowledge } = refusedWith(message, message);
      const rows = [row('a', 'A', { lastDeployedAt: '2026-11-22T12:00:00.000Z' })];
      assert.deepEqual(kinds({ rows, knowledge }), []);
    });

    test('the message is read as far as it says', () => {
      assert.equal(tagRefusalIn('CF API error (500) /x: [10013] An unknown error'), undefined);
      assert.deepEqual(tagRefusalIn('[10079] something else'), { expected: undefined, found: undefined });
    });
  });

  test('a row that a dead deploy left in BUILDING', () => {
    const rows = [row('a', 'A', { status: 'BUILDING' }), row('b', 'B')];
    const updatedAt = new Map([
      ['a', new Date(MADE).toISOString()],
      ['b', new Date(MADE).toISOString()],
    ]);
    assert.deepEqual(kinds({ rows, updatedAt, now: MADE + 60_000 }), []);
    const [state] = stuckStates({ rows, updatedAt, now: MADE + 3_600_000 });
    assert.deepEqual([state?.kind, state?.about, state?.onlySupport], ['leftBuilding', ['a'], false]);
  });

  test('a variable of the whole app with the name of a binding', () => {
    const rows = [row('chat-room', 'ChatRoom'), failed('b', 'B')];
    const [state] = stuckStates({ rows, envKeys: ['B'], appEnvKeys: ['B', 'CHAT_ROOM'] });
    assert.deepEqual([state?.kind, state?.about], ['blockedByVariable', ['CHAT_ROOM']]);
  });

  test('an environment key with the name of a binding', () => {
    const rows = [row('chat-room', 'ChatRoom'), failed('b', 'B')];
    assert.deepEqual(
      stuckStates({ rows, envKeys: ['B', 'CHAT_ROOM'] }).map(({ kind, about }) => [kind, about]),
      [['blockedByKey', ['CHAT_ROOM']]],
    );
  });
});
