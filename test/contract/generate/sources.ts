import fc from 'fast-check';
import { classDeclaration, otherClass } from './classes.ts';
import { importStatement, uncheckedReference } from './imports.ts';
import { className } from './names.ts';
import { topLevelStatement } from './statements.ts';
import { oneOf, rarely, type Text } from './text.ts';

const start = rarely(
  fc.constant(''),
  oneOf(
    '\uFEFF',
    '#!/usr/bin/env node\n',
    '\uFEFF#!/usr/bin/env node\n',
    '// a comment\n',
    '/* export class Commented {} */\n',
    '/** import x from "zod" */ ',
    "'use strict';\n",
    '// @ts-nocheck\n',
    '\n\n\u2028\n',
    '<!-- html\n',
    '/// <reference types="x" />\n',
  ),
  6,
);

const mainClass = rarely(classDeclaration(className), otherClass(className), 15);

/** Most classes extend it. */
const BASE_IMPORT = "import { DurableObject } from 'cloudflare:workers';";

interface Parts {
  readonly start: string;
  readonly base: string;
  readonly imports: readonly string[];
  readonly before: readonly string[];
  readonly main: string;
  readonly after: readonly string[];
  readonly lineEnd: string;
  readonly slip: Slip | undefined;
}

/** What goes wrong while somebody types: text that is missing, doubled or put in at a place between 0 and 1. */
interface Slip {
  readonly kind: 'drop' | 'cut' | 'insert';
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

const slip: fc.Arbitrary<Slip> = fc.record({
  kind: fc.constantFrom('drop', 'insert', 'cut'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 3 }),
  text: oneOf(
    '}',
    '{',
    ')',
    '(',
    ';',
    ',',
    '`',
    "'",
    '"',
    '/*',
    '*/',
    '//',
    '<',
    '>',
    '=',
    '=>',
    '@',
    '#',
    '\\',
    '?.',
    '...',
    ' const ',
    ' export ',
    ' class ',
    ' await ',
    ' return ',
    ' function ',
    ' import ',
    '&',
    '1x',
    '\u0000',
    '\uD800',
    '🐴',
  ),
});

/** One DO source; one of some has a slip. */
export const source: Text = sourceWith({ clean: 14, slips: 1 });

/** One DO source, most of them with a slip. */
export const brokenSource: Text = sourceWith({ clean: 1, slips: 4 });

function sourceWith({ clean, slips }: { readonly clean: number; readonly slips: number }): Text {
  return fc
    .record<Parts>({
      start,
      base: oneOf('', BASE_IMPORT),
      imports: fc.array(importStatement, { maxLength: 1 }),
      before: fc.array(rarely(topLevelStatement, uncheckedReference, 20), { maxLength: 4 }),
      main: mainClass,
      after: fc.array(topLevelStatement, { maxLength: 2 }),
      lineEnd: rarely(oneOf('\n', '\r\n'), oneOf('\r', '\u2028', ' '), 20),
      slip: fc.oneof(
        { arbitrary: fc.constant(undefined), weight: clean },
        { arbitrary: slip, weight: slips },
      ),
    })
    .map(assemble);
}

function assemble({ start: first, base, imports, before, main, after, lineEnd, slip: made }: Parts): string {
  const parts = [...(base === '' ? [] : [base]), ...imports, ...before, main, ...after];
  const whole = first + parts.join('\n').replaceAll('\n', lineEnd);
  return made === undefined ? whole : withSlip(whole, made);
}

function withSlip(text: string, { kind, at, length, text: inserted }: Slip): string {
  const offset = Math.floor(at * text.length);
  if (kind === 'cut') return text.slice(0, offset);
  if (kind === 'drop') return text.slice(0, offset) + text.slice(offset + length);
  return text.slice(0, offset) + inserted + text.slice(offset);
}
