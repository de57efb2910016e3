import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { makeTypes } from '../../../../scripts/types.mjs';
import { extractClassName } from '../../../../src/core/bundle/className.ts';
import { sourceOf, TEMPLATES } from '../../../../src/core/templates/templates.ts';

const MEDIA = path.join(import.meta.dirname, '../../../../media/types');

suite('templates and type declarations', () => {
  let folder: string;

  suiteSetup(async function () {
    this.timeout(60_000);
    folder = await mkdtemp(path.join(os.tmpdir(), 'do-types-'));
    await makeTypes(folder);
    await copyFile(path.join(MEDIA, 'butterbase.d.ts'), path.join(folder, 'butterbase.d.ts'));
    await copyFile(path.join(MEDIA, 'tsconfig.json'), path.join(folder, 'tsconfig.json'));
  });

  suiteTeardown(() => rm(folder, { recursive: true, force: true }));

  test('every template type-checks with the files written beside it and nothing else', async function () {
    this.timeout(60_000);
    for (const template of TEMPLATES) {
      await writeFile(path.join(folder, `${template.id}.ts`), sourceOf(template, template.id));
    }
    assert.deepEqual(problemsOf(folder), []);
    for (const template of TEMPLATES) await rm(path.join(folder, `${template.id}.ts`));
  });

  test('what the platform does not have is a type error', async function () {
    this.timeout(60_000);
    const lines = [
      'this.ctx.storage.sql;',
      'this.ctx.storage.kv;',
      'this.ctx.facets;',
      'Buffer;',
      'process;',
      'document;',
      'butterbase.ctx(request, this.env, this.ctx).invokeDo;',
      'this.env.NOT_DECLARED;',
    ];
    const text = [
      "import { DurableObject } from 'cloudflare:workers';",
      'export class Mistakes extends DurableObject {',
      '  override fetch(request: Request): Response {',
      ...lines.map((line) => `    ${line}`),
      "    return new Response('');",
      '  }',
      '}',
    ];
    await writeFile(path.join(folder, 'mistakes.ts'), text.join('\n'));
    const found = problemsOf(folder).map((problem) => Number(/^mistakes\.ts:(\d+)/.exec(problem)?.[1]));
    assert.deepEqual(
      found,
      lines.map((_line, index) => index + 4),
    );
    await rm(path.join(folder, 'mistakes.ts'));
  });

  test('a class with what the platform has is none', async function () {
    this.timeout(60_000);
    await writeFile(
      path.join(folder, 'all.ts'),
      `import { DurableObject } from 'cloudflare:workers';
export class All extends DurableObject {
  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env);
    void state.blockConcurrencyWhile(async () => { await state.storage.setAlarm(Date.now() + 1000); });
  }
  override async fetch(request: Request): Promise<Response> {
    const { user, invoke, invokeDO } = butterbase.ctx(request, this.env, this.ctx);
    await invokeDO('chat-room', 'lobby', { from: user?.id });
    await invoke('notify', 'text', { method: 'PUT', headers: { 'x-a': 'b' } });
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(this.env.BUTTERBASE_APP_ID));
    const stream = new Response(digest).body?.pipeThrough(new CompressionStream('gzip'));
    const { pathname } = new URL(request.url);
    await this.ctx.storage.transaction(async (txn) => { await txn.put(pathname, crypto.randomUUID()); });
    await caches.default.match(request);
    self.queueMicrotask(() => console.log(structuredClone({ now: performance.now() })));
    return new HTMLRewriter().transform(new Response(stream, { headers: new Headers([['a', 'b']]) }));
  }
}
`,
    );
    assert.deepEqual(problemsOf(folder), []);
    await rm(path.join(folder, 'all.ts'));
  });

  test('the platform accepts every template, under other names too', () => {
    for (const template of TEMPLATES) {
      assert.equal(extractClassName(sourceOf(template, 'my-own-thing')), 'MyOwnThing');
      assert.ok(sourceOf(template, 'my-own-thing').includes('/_do/my-own-thing/'));
    }
  });

  test('templates declare no top-level name but their class, so that all can live in one app', () => {
    for (const template of TEMPLATES) {
      const file = ts.createSourceFile('t.ts', sourceOf(template, 'thing'), ts.ScriptTarget.Latest);
      const kinds = file.statements.filter(
        (statement) => !ts.isImportDeclaration(statement) && !ts.isInterfaceDeclaration(statement),
      );
      assert.deepEqual(
        kinds.map((statement) => ts.isClassDeclaration(statement) && statement.name?.text),
        ['Thing'],
      );
    }
  });
});

/** What tsc says about a folder, as `file:line message`. */
function problemsOf(folder: string): string[] {
  const config = ts.readConfigFile(path.join(folder, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { fileNames, options, errors } = ts.parseJsonConfigFileContent(config.config, ts.sys, folder);
  // Declarations are checked as well here, unlike in a person's folder.
  const program = ts.createProgram(fileNames, { ...options, skipLibCheck: false });
  return [...errors, ...ts.getPreEmitDiagnostics(program)].map((diagnostic) => {
    const { file, start } = diagnostic;
    const at = file
      ? `${path.basename(file.fileName)}:${file.getLineAndCharacterOfPosition(start ?? 0).line + 1}`
      : '';
    return `${at} ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
  });
}
