import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { clear, extension, until, write } from './editor.ts';

const COUNTER = 'export class Counter {\n  fetch() {\n    return new Response();\n  }\n}\n';
const ROOM = `import { DurableObject } from 'cloudflare:workers';

export class ChatRoom extends DurableObject {
  async fetch(request: Request): Promise<Response> {
    const ctx = butterbase.ctx(request, this.env, this.ctx);
    await ctx.invokeDO('counter', 'all');
    await this.ctx.storage.put('region', this.env.BUTTERBASE_REGION);
    return new Response(this.env.COUNTER ? 'a' : 'b');
  }
}
`;
const MANIFEST = `{
  "classes": {
    "counter": { "source": "durable-objects/counter.ts", "accessMode": "public" }
  }
}
`;

suite('names of the platform', () => {
  let counter: vscode.Uri;
  let room: vscode.Uri;
  let manifest: vscode.Uri;

  suiteSetup(async () => {
    await extension().activate();
    await clear();
    counter = await write('durable-objects/counter.ts', COUNTER);
    room = await write('durable-objects/chat-room.ts', ROOM);
    manifest = await write('.butterbase/durable-objects.json', MANIFEST);
    await vscode.window.showTextDocument(room, { preview: false });
  });
  suiteTeardown(clear);

  test('invokeDO completes the names of the classes', async () => {
    const found = await completions(room, place(ROOM, "invokeDO('"), (items) => items.includes('counter'));
    assert.ok(found.includes('chat-room'));
  });

  test('env completes bindings and what the platform gives, and no key of its own calls', async () => {
    const found = await completions(room, place(ROOM, 'this.env.'), (items) => items.includes('COUNTER'));
    assert.ok(found.includes('BUTTERBASE_REGION'));
    assert.ok(!found.includes('DO_INVOKER_TOKEN'));
  });

  test('other TypeScript files get nothing of it', async () => {
    const other = await write('src/other.ts', ROOM);
    await vscode.window.showTextDocument(other, { preview: false });
    const all = await listed(other, place(ROOM, "invokeDO('"));
    assert.deepEqual(
      all.filter((label) => label === 'counter'),
      [],
    );
    assert.doesNotMatch(await hover(other, place(ROOM, 'storage.p')), /128 KiB/);
    await vscode.window.showTextDocument(room, { preview: false });
  });

  test('hovers say what the platform allows and where a name comes from', async () => {
    assert.match(await hover(room, place(ROOM, 'storage.p')), /128 KiB/);
    assert.match(await hover(room, place(ROOM, "invokeDO('c")), /durable-objects\/counter\.ts/);
    assert.match(await hover(room, place(ROOM, 'BUTTERBASE_R')), /Region of the app/);
    assert.match(await hover(room, place(ROOM, 'env.COU')), /Namespace of the Durable Object counter/);
  });

  test('the manifest offers and explains the access modes', async () => {
    await vscode.window.showTextDocument(manifest, { preview: false });
    const modes = await completions(manifest, place(MANIFEST, '"accessMode": "'), (items) =>
      items.some((label) => label.includes('service_key')),
    );
    assert.ok(modes.some((label) => label.includes('authenticated')));
    assert.match(await hover(manifest, place(MANIFEST, '"pub')), /Everybody may call/);
  });

  test('a name leads to its class and to the manifest, and the manifest to the class', async () => {
    const inCall = place(ROOM, "invokeDO('c");
    const [target] = await targets('vscode.executeDefinitionProvider', room, inCall);
    assert.deepEqual(target, { path: counter.path, line: 0 });
    const declared = await until('the manifest to be read', async () => {
      const [found] = await targets('vscode.executeDeclarationProvider', room, inCall);
      return found;
    });
    assert.deepEqual(declared, { path: manifest.path, line: 2 });
    for (const part of ['"cou', 'durable-objects/c']) {
      const [found] = await targets('vscode.executeDefinitionProvider', manifest, place(MANIFEST, part));
      assert.deepEqual(found, { path: counter.path, line: 0 });
    }
  });

  test('a name is not renamed: it says what would be lost', async () => {
    for (const [uri, position] of [
      [manifest, place(MANIFEST, '"cou')],
      [room, place(ROOM, "invokeDO('c")],
    ] as const) {
      await assert.rejects(
        async () =>
          vscode.commands.executeCommand('vscode.executeDocumentRenameProvider', uri, position, 'other'),
        /instances and their storage belong to it/,
      );
    }
  });
});

suite('findings of several sources', () => {
  suiteSetup(() => extension().activate());
  setup(clear);
  suiteTeardown(clear);

  test('a collision shows in both files, refers to the other, and goes from both with one edit', async () => {
    const one = await write('durable-objects/one.ts', named('One'));
    const two = await write('durable-objects/two.ts', named('Two'));
    await vscode.window.showTextDocument(one, { preview: false });
    const editor = await vscode.window.showTextDocument(two, { preview: false });
    await findings(one, 0);
    await replace(editor, 'class Two', 'class One');
    const [first] = await findings(one, 1);
    const [second] = await findings(two, 1);
    assert.equal(first?.relatedInformation?.[0]?.location.uri.toString(), two.toString());
    assert.equal(second?.relatedInformation?.[0]?.location.uri.toString(), one.toString());
    assert.ok(editor.document.isDirty);

    const seen: number[][] = [];
    const listening = vscode.languages.onDidChangeDiagnostics(() => {
      seen.push([ours(one).length, ours(two).length]);
    });
    await replace(editor, 'class One', 'class Two');
    await findings(one, 0);
    await findings(two, 0);
    listening.dispose();
    const changed = seen.filter(([a, b]) => a !== 1 || b !== 1);
    assert.ok(changed.length <= 2, JSON.stringify(seen));
  });

  test('findings move with the text at once, and stay while the text does not parse', async () => {
    const uri = await write('durable-objects/counter.ts', `import fs from 'node:fs';\n${COUNTER}`);
    const editor = await vscode.window.showTextDocument(uri);
    const [found] = await findings(uri, 1);
    const line = found?.range.start.line ?? -1;
    const missed: string[] = [];
    const listening = vscode.languages.onDidChangeDiagnostics(() => {
      const kept = ours(uri).find((each) => codeOf(each) === codeOf(found));
      if (kept === undefined) missed.push(JSON.stringify(ours(uri).map(codeOf)));
    });
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// one\n// two\n'));
    assert.equal(ours(uri)[0]?.range.start.line, line + 2);
    const end = new vscode.Position(editor.document.lineCount, 0);
    await editor.edit((edit) => edit.insert(end, 'class {\n'));
    await until('the syntax error', () => (ours(uri).length > 1 ? true : undefined));
    listening.dispose();
    assert.deepEqual(missed, []);
    const kept = ours(uri).find((each) => codeOf(each) === codeOf(found));
    assert.match(kept === undefined ? '' : editor.document.getText(kept.range), /node:fs/);
  });
});

function named(name: string): string {
  return COUNTER.replace('Counter', name);
}

/** The position behind `part`. */
function place(text: string, part: string): vscode.Position {
  const before = text.slice(0, text.indexOf(part) + part.length).split('\n');
  return new vscode.Position(before.length - 1, before.at(-1)?.length ?? 0);
}

async function listed(uri: vscode.Uri, position: vscode.Position): Promise<string[]> {
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    uri,
    position,
  );
  return items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

async function completions(
  uri: vscode.Uri,
  position: vscode.Position,
  isEnough: (labels: string[]) => boolean,
): Promise<string[]> {
  return until('completions', async () => {
    const labels = await listed(uri, position);
    return isEnough(labels) ? labels : undefined;
  });
}

async function hover(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const found = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    uri,
    position,
  );
  return found
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
    .join('\n')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('\\', '');
}

async function targets(
  command: string,
  uri: vscode.Uri,
  position: vscode.Position,
): Promise<{ path: string; line: number }[]> {
  const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
    command,
    uri,
    position,
  );
  return found.map((each) =>
    'targetUri' in each
      ? { path: each.targetUri.path, line: each.targetRange.start.line }
      : { path: each.uri.path, line: each.range.start.line },
  );
}

async function replace(editor: vscode.TextEditor, part: string, text: string): Promise<void> {
  const { document } = editor;
  const start = document.getText().indexOf(part);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + part.length));
  assert.ok(await editor.edit((edit) => edit.replace(range, text)));
}

function ours(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Durable Objects');
}

async function findings(uri: vscode.Uri, count: number): Promise<vscode.Diagnostic[]> {
  try {
    return await until(`${count} findings in ${uri.path}`, () => {
      const found = ours(uri);
      return found.length === count ? found : undefined;
    });
  } catch (error) {
    const found = ours(uri).map((each) => `${String(codeOf(each))}: ${each.message}`);
    throw new Error(`${found.join('; ')} instead of ${count} findings`, { cause: error });
  }
}

function codeOf(diagnostic: vscode.Diagnostic | undefined): unknown {
  const code = diagnostic?.code;
  return typeof code === 'object' ? code.value : code;
}
