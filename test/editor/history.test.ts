import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { History, type HistoryEntry } from '../../src/operations/history/history.ts';
import { userState } from '../../src/platform/userState.ts';
import type { DeletedClassNode, EntryNode } from '../../src/ui/tree/nodes.ts';
import { clear, extension, read, until, write } from './editor.ts';
import { Messages } from './messages.ts';
import { EmbeddedPlatform } from './platform.ts';

const source = (answer: string): string =>
  `export class Ledger {\n  fetch() {\n    return new Response('${answer}');\n  }\n}\n`;

/** The class of these tests; the history of others is none of their business. */
const NAME = 'ledger';

suite('history of deployed sources', () => {
  const messages = new Messages();
  const history = new History(userState(os.homedir(), process.env).history);
  let platform: EmbeddedPlatform;
  let uri: vscode.Uri;

  suiteSetup(async () => {
    await extension().activate();
    await clear();
    messages.start();
    const classes = { [NAME]: { source: `durable-objects/${NAME}.ts`, accessMode: 'authenticated' } };
    await write('.butterbase/durable-objects.json', JSON.stringify({ classes }));
    uri = await deploy('one');
    platform = new EmbeddedPlatform();
    await deploy('two');
  });
  setup(async () => {
    messages.clear();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  suiteTeardown(async () => {
    messages.stop();
    await clear();
    await platform.empty();
  });

  test('has what was deployed from the editor, newest first, and no file of it elsewhere', async () => {
    const [two, one] = await entries();
    assert.deepEqual([two?.event, two?.from, two?.status], ['deployed', 'editor', 'READY']);
    assert.equal(await history.source(two?.hash ?? ''), source('two'));
    assert.equal(await history.source(one?.hash ?? ''), source('one'));
    assert.equal((await entries()).length, 2);
  });

  test('an entry opens read-only, as TypeScript, and shows what changed with it', async () => {
    const [two, one] = await nodes();
    await run('openHistoricSource', one);
    const document = activeDocument();
    assert.deepEqual(
      [document.uri.scheme, document.languageId, document.getText()],
      ['butterbase-do-history', 'typescript', source('one')],
    );
    await vscode.commands.executeCommand('type', { text: 'x' });
    assert.equal(document.getText(), source('one'));
    await run('compareHistoricWithPrevious', two);
    assert.deepEqual(await diffTexts(), [source('one'), source('two')]);
  });

  test('an entry is compared with the file, with what is deployed, and with another entry', async () => {
    const [two, one] = await nodes();
    await write(`durable-objects/${NAME}.ts`, source('edited'));
    await run('compareHistoricWithLocal', one);
    assert.deepEqual(await diffTexts(), [source('one'), source('edited')]);
    await run('compareHistoricWithDeployed', one);
    assert.deepEqual(await diffTexts(), [source('one'), source('two')]);
    await run('selectHistoricForCompare', two);
    await run('compareHistoricWithSelected', one);
    assert.deepEqual(await diffTexts(), [source('two'), source('one')]);
    assert.deepEqual(messages.shown, []);
  });

  test('restoring deploys the source and leaves the file; into the file it is an edit that can be undone', async () => {
    const [, one] = await nodes();
    await run('restoreHistoric', one);
    assert.equal(await platform.source(NAME), source('one'));
    assert.equal(await read(`durable-objects/${NAME}.ts`), source('edited'));
    assert.equal((await entries()).length, 3);
    const offer = await until('the offer', () =>
      messages.shown.find(({ buttons }) => buttons.includes('Restore into File')),
    );
    assert.match(offer.message, /The local file of ledger still has another source/);

    await run('restoreHistoricIntoFile', one);
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.getText(), source('one'));
    assert.equal(document.isDirty, true);
    assert.equal(await read(`durable-objects/${NAME}.ts`), source('edited'));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), source('edited'));
    await document.save();
  });

  test('the history is exported as files', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'bb-export-'));
    try {
      await run('exportHistory', NAME, vscode.Uri.file(folder));
      const { entries: listed } = JSON.parse(await readFile(path.join(folder, 'index.json'), 'utf8')) as {
        entries: { file: string }[];
      };
      assert.equal(listed.length, 3);
      assert.equal(await readFile(path.join(folder, listed[1]?.file ?? ''), 'utf8'), source('two'));
      assert.match(messages.shown[0]?.message ?? '', /^3 sources were written to /);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('a deploy over what somebody else deployed asks first, until one has looked', async () => {
    await platform.register(NAME, source('theirs'));
    await vscode.commands.executeCommand('butterbaseDO.refresh');
    const seen = await until('the entry', async () => {
      const [newest] = await entries();
      return newest?.event === 'seen' ? newest : undefined;
    });
    assert.deepEqual([seen.from, seen.status], ['elsewhere', 'READY']);
    assert.match(seen.by ?? '', /^API key /);
    assert.equal(await history.source(seen.hash), source('theirs'));

    messages.answer = ({ buttons }) => buttons.find((button) => button === 'Show Changes');
    await deploy('mine');
    const question = messages.shown.find(({ buttons }) => buttons.includes('Deploy Anyway'));
    assert.match(
      question?.message ?? '',
      /^ledger was changed since you last looked: API key .*, just now\.$/,
    );
    assert.deepEqual(await diffTexts(), [source('one'), source('theirs')]);
    assert.equal(await platform.source(NAME), source('theirs'));

    messages.clear();
    await deploy('mine');
    assert.ok(!messages.shown.some(({ buttons }) => buttons.includes('Deploy Anyway')));
    assert.equal(await platform.source(NAME), source('mine'));
  });

  test('a change that no refresh has shown is asked about too', async () => {
    await platform.register(NAME, source('unseen'));
    await deploy('mine, later');
    assert.ok(messages.shown.some(({ buttons }) => buttons.includes('Deploy Anyway')));
    assert.equal(await platform.source(NAME), source('unseen'));
    messages.clear();
    messages.answer = ({ buttons }) => buttons.find((button) => button === 'Deploy Anyway');
    await deploy('mine, later');
    assert.equal(await platform.source(NAME), source('mine, later'));
  });

  test('what was changed elsewhere is shown by its command, once', async () => {
    // A test before this one leaves a diff open.
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await platform.register(NAME, source('again'));
    await vscode.commands.executeCommand('butterbaseDO.refresh');
    await until('the entry', async () => ((await entries())[0]?.event === 'seen' ? true : undefined));
    await until('the diff', async () => {
      await run('showForeignChange', NAME);
      return vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff
        ? true
        : undefined;
    });
    assert.deepEqual(await diffTexts(), [source('mine, later'), source('again')]);
    messages.clear();
    await run('showForeignChange', NAME);
    assert.match(messages.shown[0]?.message ?? '', /was not changed elsewhere since you last looked/);
  });

  test('a class that was deleted can be restored', async () => {
    await platform.empty();
    const gone = await until('the deletion', async () => {
      const [newest] = await entries();
      return newest?.event === 'deleted' ? newest : undefined;
    });
    assert.deepEqual(await platform.classes(), []);
    const node: DeletedClassNode = { kind: 'deletedClass', id: 'gone', name: NAME, last: gone };
    await run('restoreHistoric', node);
    assert.equal(await platform.source(NAME), source('again'));
    const [newest] = await entries();
    assert.deepEqual([newest?.event, newest?.from], ['deployed', 'editor']);
  });

  async function deploy(answer: string): Promise<vscode.Uri> {
    const file = await write(`durable-objects/${NAME}.ts`, source(answer));
    await vscode.commands.executeCommand('butterbaseDO.refresh');
    await vscode.commands.executeCommand('butterbaseDO.deploy', file);
    return file;
  }

  async function entries(): Promise<readonly HistoryEntry[]> {
    const { id } = await platform.app();
    return history.list({ appId: id, platform: 'local', name: NAME });
  }

  /** As the tree makes them. */
  async function nodes(): Promise<EntryNode[]> {
    const all = await entries();
    return all.map((entry, index) => ({
      kind: 'historyEntry',
      id: entry.id,
      name: entry.name,
      entry,
      previous: all[index + 1],
    }));
  }
});

async function run(command: string, ...args: readonly unknown[]): Promise<void> {
  await vscode.commands.executeCommand(`butterbaseDO.${command}`, ...args);
}

function activeDocument(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  assert.ok(document !== undefined, 'an editor is open');
  return document;
}

/** Both sides of the comparison that is in front. */
async function diffTexts(): Promise<string[]> {
  const input = await until('a comparison', () => {
    const front = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return front instanceof vscode.TabInputTextDiff ? front : undefined;
  });
  const sides = [input.original, input.modified].map(async (side) =>
    (await vscode.workspace.openTextDocument(side)).getText(),
  );
  return Promise.all(sides);
}
