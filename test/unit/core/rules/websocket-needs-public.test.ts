import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { inFetch, marked } from './marked.ts';

const RULE = 'websocket-needs-public';
const PAIR = inFetch('const [a, b] = Object.values(new WebSocketPair()); b.accept();');

suite('rule websocket-needs-public', () => {
  test('marks where a WebSocket is accepted', () => {
    assert.deepEqual(
      marked(RULE, inFetch('this.ctx.acceptWebSocket(socket);'), { accessMode: 'authenticated' }),
      ['this.ctx.acceptWebSocket'],
    );
    assert.deepEqual(marked(RULE, PAIR, { accessMode: 'service_key' }), ['new WebSocketPair()']);
  });

  test('passes over public classes and those without WebSockets', () => {
    assert.deepEqual(marked(RULE, PAIR, { accessMode: 'public' }), []);
    assert.deepEqual(marked(RULE, inFetch("new WebSocket('wss://other');")), []);
    assert.deepEqual(marked(RULE, inFetch('class WebSocketPair {} new WebSocketPair();')), []);
  });
});
