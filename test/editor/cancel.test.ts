import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { clear, deploy, extension, write } from './editor.ts';
import { Messages } from './messages.ts';
import { Notifications } from './notifications.ts';
import { EmbeddedPlatform } from './platform.ts';

function answering(className: string, word: string): string {
  return `import { DurableObject } from 'cloudflare:workers';
export class ${className} extends DurableObject {
  async fetch() {
    return new Response('${word}');
  }
}
`;
}

const FAILING = `${answering('Counter', 'never')}(() => {\n  throw new Error('at load');\n})();\n`;

suite('a change that is cancelled between its check and its request, in the extension host', () => {
  const messages = new Messages();
  const notifications = new Notifications();
  let platform: EmbeddedPlatform;
  let counter: vscode.Uri;

  suiteSetup(async () => {
    await extension().activate();
    await clear();
    const classes = { counter: { source: 'durable-objects/counter.ts', accessMode: 'public' } };
    await write('.butterbase/durable-objects.json', JSON.stringify({ classes }));
    counter = await write('durable-objects/counter.ts', answering('Counter', 'first'));
    await vscode.commands.executeCommand('butterbaseDO.refresh');
    messages.start();
    notifications.start();
    await deploy(counter);
    platform = new EmbeddedPlatform();
    assert.equal(
      await platform.source('counter'),
      answering('Counter', 'first'),
      JSON.stringify(messages.shown),
    );
    assert.deepEqual(notifications.shown, [
      'Checking what the deploy of counter would do',
      'Creating counter in local-app',
    ]);
  });
  setup(() => {
    messages.clear();
    notifications.clear();
  });
  suiteTeardown(async () => {
    notifications.stop();
    messages.stop();
    await platform.deleteEnv('KEPT');
    await clear();
    await platform.empty();
  });

  test('a deploy, when it is just checked', async () => {
    await write('durable-objects/counter.ts', answering('Counter', 'second'));
    notifications.cancelAtTheEndOf(/^Checking what the deploy of counter would do$/);
    await deploy(counter);
    await nothingWasSent();
  });

  test('a deploy, when the question in between is just answered', async () => {
    const other = await write('durable-objects/other.ts', answering('Counter', 'another'));
    const classes = { counter: { source: 'durable-objects/other.ts', accessMode: 'public' } };
    await write('.butterbase/durable-objects.json', JSON.stringify({ classes }));
    await platform.register('counter', answering('Counter', 'of somebody else'));
    messages.answer = ({ buttons }) => {
      notifications.cancel();
      return buttons.find((button) => button === 'Deploy Anyway');
    };
    await deploy(other);
    assert.equal(messages.first('warning').buttons.includes('Deploy Anyway'), true);
    assert.equal(await platform.source('counter'), answering('Counter', 'of somebody else'));
    assert.equal(messages.shown.length, 1, JSON.stringify(messages.shown));
  });

  test('a key, when the question whether it may go is just answered', async () => {
    await platform.setEnv('KEPT', 'value');
    messages.answer = ({ buttons }) => {
      notifications.cancel();
      return buttons.find((button) => button === 'Delete and Redeploy');
    };
    await vscode.commands.executeCommand('butterbaseDO.deleteEnvVar', 'KEPT');
    assert.equal(messages.first('warning').buttons.includes('Delete and Redeploy'), true);
    assert.deepEqual(await platform.envKeys(), ['KEPT']);
  });

  test('a deploy, when a class that would be lost is just found to be repairable', async () => {
    const visits = await write('durable-objects/visits.ts', answering('Visits', 'new'));
    const classes = { visits: { source: 'durable-objects/visits.ts', accessMode: 'public' } };
    await write('.butterbase/durable-objects.json', JSON.stringify({ classes }));
    await assert.rejects(platform.register('counter', FAILING), /502/);
    messages.answer = ({ buttons }) => buttons.find((button) => button === 'Repair counter First');
    notifications.cancelAtTheEndOf(/^Looking for a source of counter that works$/);
    await deploy(visits);
    assert.deepEqual(notifications.shown.slice(0, 3), [
      'Checking what the deploy of visits would do',
      'Waiting for your answer',
      'Looking for a source of counter that works',
    ]);
    assert.deepEqual(await platform.states(), [['counter', 'Counter', 'ERROR']]);
  });

  async function nothingWasSent(): Promise<void> {
    assert.equal(await platform.source('counter'), answering('Counter', 'first'));
    assert.deepEqual(messages.shown, []);
    await write('durable-objects/counter.ts', answering('Counter', 'first'));
  }
});
