import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { acceptingInputs, at, clear, deploy, extension, read, until, write } from './editor.ts';
import { Messages } from './messages.ts';
import { EmbeddedPlatform } from './platform.ts';

const COUNTER = `import { DurableObject } from 'cloudflare:workers';
export class Counter extends DurableObject {
  async fetch(request) {
    let value = (await this.ctx.storage.get('value')) ?? 0;
    if (request.method === 'POST') await this.ctx.storage.put('value', (value += 1));
    return Response.json({ value });
  }
}
`;

suite('deploying from the extension host', () => {
  const messages = new Messages();
  let platform: EmbeddedPlatform;

  suiteSetup(async function () {
    await extension().activate();
    messages.start();
    await clear();
    await manifest('counter');
    const uri = await write('durable-objects/counter.ts', COUNTER);
    // The editor tells of new files with a delay.
    await vscode.commands.executeCommand('butterbaseDO.refresh');
    await deploy(uri);
    platform = new EmbeddedPlatform();
  });
  setup(() => messages.clear());
  suiteTeardown(async () => {
    messages.stop();
    await clear();
    await platform.empty();
  });

  test('a file of the manifest is deployed without a question, and its instances answer', async () => {
    assert.deepEqual(await platform.states(), [['counter', 'Counter', 'READY']]);
    assert.deepEqual(await platform.call('counter', 'one', 'POST'), { value: 1 });
  });

  test('a change is deployed with what the instances stored', async () => {
    await deploy(
      await write('durable-objects/counter.ts', COUNTER.replace('{ value }', '{ value, again: true }')),
    );
    assert.deepEqual(await platform.call('counter', 'one'), { value: 1, again: true });
    assert.match(
      messages.first('information').message,
      /counter is deployed again; what its instances stored is kept/,
    );
  });

  test('a renamed class would lose its data: nothing is changed without consent', async () => {
    await deploy(await write('durable-objects/counter.ts', COUNTER.replace('class Counter', 'class Tally')));
    const warning = messages.first('warning');
    assert.match(warning.message, /would destroy all instances of Counter/, JSON.stringify(warning));
    assert.ok(warning.buttons.includes('Keep the Class Name Counter'));
    assert.deepEqual(await platform.states(), [['counter', 'Counter', 'READY']]);
    assert.deepEqual(await platform.call('counter', 'one'), { value: 1, again: true });
  });

  test('a class that the runtime refuses is explained at its place, and the old one keeps running', async () => {
    const uri = await write(
      'durable-objects/counter.ts',
      `${COUNTER}\n(() => {\n  throw new Error('at load');\n})();\n`,
    );
    messages.answer = ({ buttons }) => buttons.find((button) => button === 'Deploy Anyway');
    await deploy(uri);
    await until('the reason', () => messages.shown.find(({ message }) => message.includes('at load')));
    assert.deepEqual(await platform.call('counter', 'one'), { value: 1, again: true });
    await deploy(await write('durable-objects/counter.ts', COUNTER));
    assert.deepEqual(await platform.states(), [['counter', 'Counter', 'READY']]);
    assert.deepEqual(await platform.call('counter', 'one'), { value: 1 });
  });

  const unreadable: readonly [string, Uint8Array, RegExp][] = [
    ['an empty file', Buffer.from(''), /is empty/],
    ['a binary file', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]), /is a binary file/],
    ['a file that is not UTF-8', Buffer.from([0x2f, 0x2f, 0xff, 0xfe, 0x41]), /is not UTF-8/],
    ['a file of 2 MB', Buffer.from(`${COUNTER}//${'x'.repeat(2_000_000)}\n`), /too (large|long|big)|larger/i],
  ];
  for (const [what, bytes, message] of unreadable) {
    test(`${what} is refused in one message, and nothing is sent`, async () => {
      const before = await platform.states();
      const uri = await write('durable-objects/unreadable.ts', bytes);
      await deploy(uri);
      await vscode.workspace.fs.delete(uri);
      assert.equal(messages.shown.length, 1, JSON.stringify(messages.shown));
      assert.match(messages.first('error').message, message);
      assert.deepEqual(await platform.states(), before);
    });
  }

  test('a file that is not in the manifest is asked about once, and written to it', async () => {
    const source = COUNTER.replace('Counter', 'Visits');
    const uri = await write('durable-objects/visits.ts', source);
    await acceptingInputs(deploy(uri));
    const written = JSON.parse(await read('.butterbase/durable-objects.json')) as { classes: unknown };
    assert.deepEqual(written.classes, {
      counter: { source: 'durable-objects/counter.ts', accessMode: 'public' },
      visits: { source: 'durable-objects/visits.ts', accessMode: 'authenticated' },
    });
    await deploy(await write('durable-objects/visits.ts', `${source}// changed\n`));
  });

  test('a manifest that cannot be written is said, and the deploy stands', async () => {
    await vscode.workspace.fs.delete(at('.butterbase'), { recursive: true });
    await write('.butterbase', 'a file where the folder belongs');
    await acceptingInputs(deploy(await write('durable-objects/last.ts', COUNTER.replace('Counter', 'Last'))));
    await until('the warning', () => messages.shown.find(({ kind }) => kind === 'warning'));
    assert.match(messages.first('warning').message, /last is deployed.*The manifest could not be written/);
    assert.ok((await platform.states()).some(([name, , status]) => name === 'last' && status === 'READY'));
  });
});

async function manifest(name: string): Promise<void> {
  const classes = { [name]: { source: `durable-objects/${name}.ts`, accessMode: 'public' } };
  await write('.butterbase/durable-objects.json', JSON.stringify({ classes }));
}
