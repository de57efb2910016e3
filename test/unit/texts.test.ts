import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'mocha';
import ts from 'typescript';

/** Folders whose texts the command line prints as well as the editor. */
const SHARED = ['cli', 'core/bundle', 'core/model', 'core/plan', 'core/source', 'operations', 'platform'];

/** The sign-in in a browser, which only the editor has. */
const OF_THE_EDITOR = /^platform\/oauth\w*\.ts$/;

/** Buttons, commands and places of the editor. */
const EDITOR_WORDS =
  /\b(?:refresh|palette|views?|buttons?|click|panel|side ?bar|notification|dialog|quick fix|hover|sign in|(?:select|pick) an)\b|that the editor shows|in the editor\b/i;

const root = join(import.meta.dirname, '..', '..', 'src');

suite('texts', () => {
  test('what both the editor and the command line say, names nothing that only the editor has', () => {
    const found = SHARED.flatMap(filesOf)
      .filter((file) => !OF_THE_EDITOR.test(file))
      .flatMap((file) =>
        sentencesOf(file)
          .filter((text) => EDITOR_WORDS.test(text) && !text.includes('`butterbase login`'))
          .map((text) => `${file}: ${text}`),
      );
    assert.deepEqual(found, []);
  });

  test('the sentences are found', () => {
    assert.ok(
      sentencesOf('operations/change.ts').includes(
        'Wait until it is done, then try again. Nothing was changed.',
      ),
    );
    assert.ok(
      sentencesOf('operations/planning.ts').some((text) =>
        text.startsWith('It may have been deleted already.'),
      ),
    );
  });
});

function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`);
}

/** The texts of a file that have more than one word. */
function sentencesOf(file: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), 'utf8'),
    ts.ScriptTarget.ESNext,
    true,
  );
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) &&
      node.text.includes(' ')
    )
      texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}
