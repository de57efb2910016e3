import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { manifestNameOf, manifestPlaceAt } from '../../../../src/core/language/manifestPlace.ts';

const TEXT = `{
  // ours
  "classes": {
    "chat-room": { "source": "durable-objects/chat-room.ts", "accessMode": "public" },
    "counter": { "source": "counter.ts", },
  },
}`;

function at(part: string): string {
  const place = manifestPlaceAt(TEXT, TEXT.indexOf(part) + 1);
  return place === undefined
    ? 'nothing'
    : `${place.kind} of ${place.name}: ${TEXT.slice(place.start, place.end)}`;
}

suite('places of a manifest', () => {
  test('names and sources are told, other things are not', () => {
    assert.equal(at('chat-room"'), 'name of chat-room: chat-room');
    assert.equal(at('counter"'), 'name of counter: counter');
    assert.equal(at('durable-objects'), 'source of chat-room: durable-objects/chat-room.ts');
    assert.equal(at('public'), 'nothing');
    assert.equal(at('accessMode'), 'nothing');
    assert.equal(at('classes'), 'nothing');
    assert.equal(at('ours'), 'nothing');
  });

  test('the name of a class is found', () => {
    const found = manifestNameOf(TEXT, 'counter');
    assert.equal(found && TEXT.slice(found.start - 1, found.end + 1), '"counter"');
    assert.equal(manifestNameOf(TEXT, 'other'), undefined);
    assert.equal(manifestNameOf('', 'other'), undefined);
  });

  test('a manifest that is being written is no trouble', () => {
    const text = '{ "classes": { "counter": { "source": "a.ts" ';
    assert.equal(manifestPlaceAt(text, text.indexOf('counter') + 2)?.name, 'counter');
    assert.equal(manifestPlaceAt('{', 1), undefined);
  });
});
