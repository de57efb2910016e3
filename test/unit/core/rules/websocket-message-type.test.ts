import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { marked, mended } from './marked.ts';

const RULE = 'websocket-message-type';
const handler = (body: string, parameters = 'ws: WebSocket, message: string | ArrayBuffer'): string =>
  `export class A {\n  fetch() {}\n  async webSocketMessage(${parameters}) {\n    ${body}\n  }\n}\n`;

suite('rule websocket-message-type', () => {
  test('marks the first use of the message as text', () => {
    for (const body of [
      'JSON.parse(message);',
      'JSON.parse(message as string);',
      'JSON.parse(String(message));',
      'const data = JSON.parse(message.toString());',
      "message.split(' ');",
      '(message as string).trim();',
      'ws.send(`you said ${message}`);',
      "ws.send('you said ' + message);",
      'const text = message as string; JSON.parse(text);',
    ]) {
      assert.equal(marked(RULE, handler(body)).length, 1, body);
    }
    assert.deepEqual(marked(RULE, handler('JSON.parse(message); message.trim();')), ['message']);
  });

  test('passes over a handler that looks first, or does not care', () => {
    for (const body of [
      "if (typeof message !== 'string') return; JSON.parse(message);",
      'if (message instanceof ArrayBuffer) return; message.split(" ");',
      'if (ArrayBuffer.isView(message)) return; JSON.parse(message);',
      'if (isText(message)) JSON.parse(message);',
      'ws.send(message);',
      'try { JSON.parse(message); } catch { ws.close(1003); }',
      "if (message === 'ping') ws.send('pong');",
      'const other = { message: "" }; JSON.parse(other.message);',
      '{ const message = ""; JSON.parse(message); }',
    ]) {
      assert.deepEqual(marked(RULE, handler(body)), [], body);
    }
    assert.deepEqual(marked(RULE, handler('JSON.parse(data);', 'ws, { data }')), []);
  });

  test('puts the check in front', () => {
    assert.equal(
      mended(RULE, handler('JSON.parse(message);')),
      handler("if (typeof message !== 'string') return;\n    JSON.parse(message);"),
    );
  });
});
