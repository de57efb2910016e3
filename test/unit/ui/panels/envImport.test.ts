import assert from 'node:assert/strict';
import type { DoClass } from '../../../../src/core/model/app.ts';
import { envFacts } from '../../../../src/ui/panels/envFacts.ts';
import { importPreview } from '../../../../src/ui/panels/envImport.ts';
import type { AppSnapshot } from '../../../../src/ui/session/appState.ts';

function row(name: string, className: string, status: DoClass['status']): DoClass {
  return {
    id: name,
    name,
    className,
    status,
    accessMode: 'public',
    lastDeployedAt: '2026-11-01T00:00:00.000Z',
    errorMessage: undefined,
  };
}

function snapshot(classes: readonly DoClass[], envKeys: readonly string[]): AppSnapshot {
  return { appId: 'app_1', place: 'local', classes, envKeys, usage: undefined, at: 0, stale: undefined };
}

suite('what the env panel knows of an app', () => {
  test('every deployed class restarts with a change', () => {
    const facts = envFacts(
      snapshot([row('chat-room', 'ChatRoom', 'READY'), row('b', 'B', 'READY')], ['Z', 'A']),
    );
    assert.deepEqual(facts.evicts, ['chat-room', 'b']);
    assert.deepEqual(facts.destroys, []);
    assert.deepEqual(facts.keys, ['A', 'Z'], 'sorted');
  });

  test('a class in ERROR beside a deployed one would be destroyed by any change', () => {
    const facts = envFacts(snapshot([row('chat-room', 'ChatRoom', 'ERROR'), row('b', 'B', 'READY')], []));
    assert.equal(facts.destroys.length, 1);
    assert.match(facts.destroys[0]?.reason ?? '', /chat-room is in ERROR/);
    assert.deepEqual(facts.evicts, ['b']);
  });

  test('the binding of a class in ERROR is taken as well', () => {
    const facts = envFacts(snapshot([row('chat-room', 'ChatRoom', 'ERROR')], []));
    assert.deepEqual(facts.bindings, ['CHAT_ROOM']);
  });

  test('nothing is known without a snapshot', () => {
    assert.deepEqual(envFacts(undefined), { keys: [], bindings: [], evicts: [], destroys: [] });
  });
});

suite('preview of a .env import', () => {
  const facts = envFacts(snapshot([row('chat-room', 'ChatRoom', 'READY')], ['API_TOKEN']));

  test('says for each line whether it is new, replaces a value or cannot be set, in the order of the lines', () => {
    const text = [
      'API_TOKEN=secret-1',
      'NEW="secret-2"',
      'CHAT_ROOM=secret-3',
      'no assignment',
      'lower=secret-4',
    ].join('\n');
    const rows = importPreview(text, facts);
    assert.deepEqual(
      rows.map(({ line, key, state, length }) => [line, key, state, length]),
      [
        [1, 'API_TOKEN', 'replaces', 8],
        [2, 'NEW', 'new', 8],
        [3, 'CHAT_ROOM', 'problem', undefined],
        [4, undefined, 'problem', undefined],
        [5, 'lower', 'problem', undefined],
      ],
    );
    assert.match(rows[2]?.message ?? '', /binding/);
  });

  test('never holds a value', () => {
    const text = 'API_TOKEN=sec-ret-1\nBUTTERBASE_X=sec-ret-2\nOPEN="sec-ret-3\nX=1';
    assert.doesNotMatch(JSON.stringify(importPreview(text, facts)), /sec-ret/);
  });

  test('warns of a key that the platform overwrites, yet lets it be set', () => {
    const [only] = importPreview('DO_INVOKER_URL=x', facts);
    assert.equal(only?.state, 'new');
    assert.match(only.message ?? '', /platform sets DO_INVOKER_URL itself/);
  });

  test('has no rows for an empty text or comments', () => {
    assert.deepEqual(importPreview('', facts), []);
    assert.deepEqual(importPreview('\n# only a comment\n', facts), []);
  });
});
