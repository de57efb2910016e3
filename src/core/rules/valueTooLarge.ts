import ts from 'typescript';
import { codeOf } from '../source/code.ts';
import { declarationOf } from '../source/declarations.ts';
import { ownerOf, unwrapped } from '../source/runtimeObjects.ts';
import type { Finding } from './finding.ts';
import type { FileRule, FileSubject } from './subject.ts';
import { leastBytes } from './valueSize.ts';

const ID = 'value-too-large';

/** Limits of KV-backed storage, in bytes; for keys in UTF-8. */
const MOST_VALUE_BYTES = 128 * 1024;
const MOST_KEY_BYTES = 2048;
const MOST_KEYS = 128;

/** A literal that does not fit into one stored value, or more keys than one call takes. */
export const valueTooLarge: FileRule = {
  id: ID,
  check(file) {
    return codeOf(file.facts.file).calls.flatMap((call) => {
      const { expression } = call;
      if (!ts.isPropertyAccessExpression(expression)) return [];
      const method = expression.name.text;
      if (method !== 'put' && method !== 'get' && method !== 'delete') return [];
      const [first, second] = call.arguments;
      if (!first || !isWorthALook(call) || ownerOf(expression) !== 'storage') return [];
      return method === 'put' ? ofPut(file, first, second) : ofKeys(file, first);
    });
  },
};

/** Most calls have a short key and a value that the text does not tell. */
function isWorthALook(call: ts.CallExpression): boolean {
  return call.arguments.some(
    (argument) => !ts.isStringLiteral(argument) || argument.text.length > MOST_KEY_BYTES,
  );
}

function ofPut(file: FileSubject, first: ts.Expression, second: ts.Expression | undefined): Finding[] {
  const entries = literalOf(first);
  if (entries && ts.isObjectLiteralExpression(entries)) {
    return [
      ...tooManyKeys(file, first, entries.properties),
      ...entries.properties.flatMap((property) =>
        ts.isPropertyAssignment(property) ? ofValue(file, property.initializer) : [],
      ),
    ];
  }
  return [...ofKey(file, first), ...(second ? ofValue(file, second) : [])];
}

function ofKeys(file: FileSubject, first: ts.Expression): Finding[] {
  const keys = literalOf(first);
  return keys && ts.isArrayLiteralExpression(keys)
    ? tooManyKeys(file, first, keys.elements)
    : ofKey(file, first);
}

function ofValue(file: FileSubject, value: ts.Expression): Finding[] {
  const bytes = leastBytes(value);
  if (bytes <= MOST_VALUE_BYTES) return [];
  return [
    finding(
      file,
      value,
      `One stored value may have 131,072 bytes, and this one has ${bytes.toLocaleString('en-US')} or more: the put is refused on the platform. Split it over several keys.`,
    ),
  ];
}

function ofKey(file: FileSubject, key: ts.Expression): Finding[] {
  if (leastBytes(key) <= MOST_KEY_BYTES) return [];
  return [
    finding(file, key, 'A key may have 2,048 bytes: with a longer one the call is refused on the platform.'),
  ];
}

function tooManyKeys(
  file: FileSubject,
  node: ts.Expression,
  items: readonly (ts.Expression | ts.ObjectLiteralElementLike)[],
): Finding[] {
  const known = items.filter((item) => !ts.isSpreadElement(item) && !ts.isSpreadAssignment(item));
  if (known.length <= MOST_KEYS) return [];
  return [
    finding(
      file,
      node,
      `One call takes ${MOST_KEYS} keys, and this one has ${known.length}: it is refused on the platform. Split it over several calls.`,
    ),
  ];
}

function literalOf(expression: ts.Expression): ts.Expression | undefined {
  const node = unwrapped(expression);
  if (!ts.isIdentifier(node)) return node;
  const parent = declarationOf(node)?.parent;
  const isConst =
    parent && ts.isVariableDeclaration(parent) && (parent.parent.flags & ts.NodeFlags.Const) !== 0;
  return isConst && parent.initializer ? unwrapped(parent.initializer) : undefined;
}

function finding(file: FileSubject, node: ts.Node, message: string): Finding {
  return { rule: ID, code: ID, severity: 'information', message, range: file.rangeOf(node), fixes: [] };
}
