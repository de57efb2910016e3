import assert from 'node:assert/strict';
import { findExportedClass, findIdentifier, maskText } from '../../../../src/ui/codelens/classPosition.ts';
import { sourceOf, TEMPLATES } from '../../../../src/core/templates/templates.ts';

suite('exported class without a parser', () => {
  const cases: [text: string, className: string | undefined][] = [
    ['export class A {}', 'A'],
    ['export abstract class Größe extends B {}', 'Größe'],
    ['class Hidden {}\n  export\n class $x_1 {}', '$x_1'],
    ['// export class No {}\nexport class Yes {}', 'Yes'],
    ['/* export class No {} */ export class Yes {}', 'Yes'],
    ["const s = 'export class No {}'; export class Yes {}", 'Yes'],
    [
      'const t = `export class No ${`{ ${"}"} export class No2` + { a: {} }} export class No3`; export class Yes {}',
      'Yes',
    ],
    ['const r = /[/"`]export class No {}/; export class Yes {}', 'Yes'],
    ['const half = 1 / 2; const s = "/"; export class Yes {}', 'Yes'],
    ["const broken = 'abc\nexport class Yes {}", 'Yes'],
    ['class A {}', undefined],
    ['export default class {}', undefined],
    ['export { A }; class A {}', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of cases) {
    test(JSON.stringify(text), () => {
      const found = findExportedClass(text);
      assert.equal(found?.className, expected);
      if (found === undefined) return;
      assert.equal(text.slice(found.nameStart, found.nameEnd), expected);
      assert.ok(text.slice(found.start).startsWith('export'));
    });
  }

  test('finds the class of every template', () => {
    for (const template of TEMPLATES) {
      assert.equal(findExportedClass(sourceOf(template, 'my-thing'))?.className, 'MyThing');
    }
  });

  test('masking keeps length and line breaks', () => {
    const text = 'a /* b\r\nc */ "d" `e\n${f}g` // h';
    const masked = maskText(text);
    assert.deepEqual(
      masked.split(/\r?\n/).map((line) => line.trim()),
      ['a', '', 'f'],
    );
    assert.equal(masked.indexOf('f'), text.indexOf('f'));
    assert.equal(masked.length, text.length);
  });

  test('a large file takes no noticeable time', () => {
    const line = 'const a = b / c; // x\nconst s = `${a / 2} /`;\n';
    const started = performance.now();
    maskText(line.repeat(20_000));
    assert.ok(performance.now() - started < 2000);
  });

  test('identifiers are found where they are code', () => {
    const text =
      'class Room { static Room = 1; x = Room.limit + this.Room + "Room"; /* Room */ } // Room\nRoomy;';
    const found = findIdentifier(text, 'Room');
    assert.deepEqual(
      found.map((offset) => text.slice(offset - 4, offset)),
      ['ass ', 'tic ', 'x = '].map((each) => each.slice(-4)),
    );
  });
});
