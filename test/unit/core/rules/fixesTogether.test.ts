import fc from 'fast-check';
import { suite, test } from 'mocha';
import { findingsOf, row } from './marked.ts';

/** Rules of what happens at run time that have fixes. */
const FIXING = [
  'shadows-global',
  'missing-fetch',
  'abstract-class',
  'node-global',
  'websocket-message-type',
  'unknown-invoke-target',
  'class-renamed',
];

const STATEMENTS = [
  'function fetch() { return 1; }',
  'const crypto = 5, name = crypto;',
  'const { URL, ...Event } = globalThis.things;',
  'enum Cache { A }',
  'class Map<T> { value?: T }',
  'const shadow = (fetch: unknown) => fetch;',
];

const MEMBERS = [
  'fetch = async () => new Response("");',
  'other() { return { global, fetch, crypto }; }',
  'webSocketMessage(ws: WebSocket, message: string) { JSON.parse(message); fetch(); }',
  'async call() { await butterbase.ctx(r, this.env, this.ctx).invokeDO("ChatRoom", "x"); return new URL("a:b"); }',
  'static limit = Room.name + Cache.A; map = new Map<Room>();',
  'store() { return this.ctx.storage.sql.exec(process.env.A); }',
];

const CLASSES = [
  'export class Room',
  'export abstract class Room',
  'export class Room extends DurableObject',
];

suite('fixes of the rules about run time', () => {
  test('each mends its finding and no other, whatever else is wrong with the file', () => {
    const source = fc
      .tuple(
        fc.subarray(STATEMENTS),
        fc.constantFrom(...CLASSES),
        fc.subarray(MEMBERS),
        fc.constantFrom('\n', '\r\n', ' '),
      )
      .map(([statements, head, members, gap]) =>
        [
          "import { DurableObject } from 'cloudflare:workers';",
          ...statements,
          `${head} {`,
          ...members,
          '}',
        ].join(gap),
      );
    const around = { envKeys: [], deployed: [row('a-room', 'OldRoom'), row('chat-room', 'ChatRoom')] };
    fc.assert(
      fc.property(source, (text) => {
        for (const rule of FIXING) findingsOf(rule, text, around);
      }),
      { numRuns: 60 },
    );
  }).timeout(60_000);
});
