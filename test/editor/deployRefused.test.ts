import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { acceptingInputs, at, clear, deploy, extension, read, until, write } from './editor.ts';
import { Messages, type Shown } from './messages.ts';
import { EmbeddedPlatform } from './platform.ts';

function counting(className: string, end = ''): string {
  return `import { DurableObject } from 'cloudflare:workers';
export class ${className} extends DurableObject {
  async fetch() {
    const value = ((await this.ctx.storage.get('value')) ?? 0) + 1;
    await this.ctx.storage.put('value', value);
    return Response.json({ value });
  }
}
${end}`;
}

suite('a deploy that would do harm, in the extension host', () => {
  const messages = new Messages();
  let platform: EmbeddedPlatform;
  let counter: vscode.Uri;

  suiteSetup(async () => {
    await extension().activate();
    messages.start();
    await clear();
    await manifest({ counter: 'counter', visits: 'visits' });
    counter = await write('durable-objects/counter.ts', counting('Counter'));
    await write('durable-objects/visits.ts', counting('Visits'));
    await vscode.commands.executeCommand('butterbaseDO.refresh');
    await deploy(counter);
    platform = new EmbeddedPlatform();
    assert.deepEqual(
      await platform.states(),
      [['counter', 'Counter', 'READY']],
      JSON.stringify(messages.shown),
    );
    assert.deepEqual(await platform.call('counter', 'one'), { value: 1 });
  });
  setup(() => messages.clear());
  suiteTeardown(async () => {
    messages.stop();
    await clear();
    await platform.empty();
  });

  test('what does not load is not sent, and is marked in the source', async () => {
    await write(
      'durable-objects/counter.ts',
      counting('Counter', "(() => {\n  throw new Error('at load');\n})();\n"),
    );
    messages.answer = ({ buttons }) => buttons.find((button) => button === 'Deploy Anyway');
    await deploy(counter);
    const error = await until('the reason', () => messages.shown.find(({ kind }) => kind === 'error'));
    assert.match(error.message, /at load.*line 10 of .*counter\.ts/);
    assert.match(error.message, /was not sent; what is deployed runs on/);
    const [diagnostic] = vscode.languages.getDiagnostics(counter).filter(({ code }) => code === 'deploy');
    assert.match(diagnostic?.message ?? '', /at load/);
    assert.equal(diagnostic?.range.start.line, 9);
    assert.deepEqual(await platform.states(), [['counter', 'Counter', 'READY']]);
    assert.deepEqual(await platform.call('counter', 'one'), { value: 2 });
    await write('durable-objects/counter.ts', counting('Counter'));
  });

  test('a class in ERROR is repaired first, and then the deploy goes on by itself', async () => {
    await assert.rejects(
      platform.register('counter', counting('Counter', "(() => {\n  throw new Error('at load');\n})();\n")),
      /502/,
    );
    assert.deepEqual(await platform.states(), [['counter', 'Counter', 'ERROR']]);
    messages.answer = ({ buttons }) => buttons.find((button) => button === 'Repair counter First');
    await deploy(at('durable-objects/visits.ts'));
    assert.ok(
      messages.shown.some(({ message }) => /would destroy all instances of Counter/.test(message)),
      JSON.stringify(messages.shown),
    );
    assert.deepEqual(await platform.states(), [
      ['counter', 'Counter', 'READY'],
      ['visits', 'Visits', 'READY'],
    ]);
    assert.deepEqual(await platform.call('counter', 'one'), { value: 3 });
  });

  test('a renamed class keeps its name when the person says so', async () => {
    await write('durable-objects/counter.ts', counting('Tally'));
    messages.answer = ({ buttons }) => buttons.find((button) => button === 'Keep the Class Name Counter');
    await deploy(counter);
    const warning = messages.first('warning');
    assert.deepEqual(warning.buttons, [
      'Keep the Class Name Counter',
      'Deploy Beside counter…',
      'Destroy Its Data…',
    ]);
    assert.equal(await read('durable-objects/counter.ts'), counting('Counter'));
    assert.deepEqual(await platform.call('counter', 'one'), { value: 4 });
  });

  test('a renamed class is deployed beside the old one, which keeps its data', async () => {
    await write('durable-objects/counter.ts', counting('Tally'));
    messages.answer = ({ buttons }) => buttons.find((button) => button === 'Deploy Beside counter…');
    await acceptingInputs(deploy(counter));
    assert.deepEqual(await platform.states(), [
      ['counter', 'Counter', 'READY'],
      ['tally', 'Tally', 'READY'],
      ['visits', 'Visits', 'READY'],
    ]);
    assert.deepEqual(await platform.call('counter', 'one'), { value: 5 });
    assert.deepEqual(await platform.call('tally', 'one'), { value: 1 });
    const { classes } = JSON.parse(await read('.butterbase/durable-objects.json')) as { classes: object };
    assert.deepEqual(Object.keys(classes).sort(), ['tally', 'visits']);
  });

  test('one class name under two names is refused, and renamed in the file that is deployed', async () => {
    await manifest({ tally: 'counter', visits: 'visits', other: 'other' });
    const other = await write('durable-objects/other.ts', counting('Visits'));
    messages.answer = ({ buttons }) => buttons.find((button) => button === 'Rename Visits…');
    await acceptingInputs(deploy(other));
    assert.match(messages.first('error').message, /visits already has a class named Visits/);
    assert.equal(await read('durable-objects/other.ts'), counting('Visits2'));
    assert.ok(
      (await platform.states()).some(([name, className]) => name === 'other' && className === 'Visits2'),
    );
  });

  test('a change that was cut off is told of once, when the app answers', async () => {
    const { id: appId } = await platform.app();
    const folder = path.join(os.homedir(), '.butterbase', 'durable-objects', 'pending');
    const gone = { pid: 2 ** 30, startTime: null, host: os.hostname() };
    const change = { kind: 'setEnv', key: 'LOST_KEY', wasSet: false };
    const at = '2026-01-01T00:00:00.000Z';
    const record = { id: 'cut-off', platform: 'local', appId, from: 'cli', at, by: gone, change };
    writeFileSync(path.join(folder, 'cut-off.json'), JSON.stringify(record));
    const told = (): Shown[] => messages.shown.filter(({ message }) => message.includes('LOST_KEY'));
    await vscode.commands.executeCommand('butterbaseDO.refresh');
    const { message } = await until('the message', () => told()[0]);
    assert.equal(message, 'The change of LOST_KEY was cut off. It is not set. Set LOST_KEY again.');
    await vscode.commands.executeCommand('butterbaseDO.refresh');
    assert.equal(told().length, 1);
    assert.equal(existsSync(path.join(folder, 'cut-off.json')), false);
  });
});

async function manifest(files: Readonly<Record<string, string>>): Promise<void> {
  const classes = Object.fromEntries(
    Object.entries(files).map(([name, file]) => [
      name,
      { source: `durable-objects/${file}.ts`, accessMode: 'public' },
    ]),
  );
  await write('.butterbase/durable-objects.json', JSON.stringify({ classes }));
}
