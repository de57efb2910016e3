import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { inFetch, marked } from './marked.ts';

const RULE = 'hibernation';

suite('rule hibernation', () => {
  test('marks sockets of a pair that are accepted without hibernation', () => {
    for (const body of [
      'const pair = new WebSocketPair(); pair[1].accept();',
      'const { 0: a, 1: server } = new WebSocketPair(); server.accept(); server.addEventListener("message", f);',
      'const [a, server] = Object.values(new WebSocketPair()); server.accept();',
      'const [a, b] = Object.values(new WebSocketPair()); const server = b!; server.accept();',
    ]) {
      assert.equal(marked(RULE, inFetch(body)).length, 1, body);
    }
  });

  test('marks listeners on a socket that is accepted with it', () => {
    assert.deepEqual(
      marked(
        RULE,
        inFetch(
          'const pair = new WebSocketPair(); this.ctx.acceptWebSocket(pair[1]); pair[1].addEventListener("message", f);',
        ),
      ),
      ['pair[1].addEventListener'],
    );
  });

  test('marks timers that run on, and no short pause', () => {
    assert.deepEqual(
      marked(
        RULE,
        inFetch(
          'setInterval(f, 1000); setTimeout(f, 60 * 1000); await new Promise((r) => setTimeout(r, 100)); setTimeout(f, delay);',
        ),
      ),
      ['setInterval', 'setTimeout'],
    );
  });

  test('passes over sockets to other servers and own functions', () => {
    for (const body of [
      "const { webSocket } = await fetch('https://x'); webSocket.accept(); webSocket.addEventListener('message', f);",
      "const ws = new WebSocket('wss://x'); ws.addEventListener('message', f);",
      'const setInterval = (f: unknown) => f; setInterval(1);',
      'this.accept(); invitation.accept();',
    ]) {
      assert.deepEqual(marked(RULE, inFetch(body)), [], body);
    }
  });
});
