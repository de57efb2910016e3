import ts from 'typescript';
import { textOf } from './bindings.ts';
import { memberAndOwner } from './chains.ts';
import { toKey, toText } from './conversions.ts';
import { makeFunction } from './functions.ts';
import { elementsOf } from './iteration.ts';
import { setPrototype } from './natives/descriptors.ts';
import { copyMembers, isCountable } from './natives/objects.ts';
import { defineMember } from './objects.ts';
import { joined } from './operators.ts';
import type { Run } from './run.ts';
import {
  isPrimitive,
  isThing,
  primitive,
  UNDEFINED,
  type Key,
  type Property,
  type Thing,
  type Value,
  type Scope,
} from './values.ts';

export function objectLiteral(run: Run, node: ts.ObjectLiteralExpression, scope: Scope): Value {
  const made = run.realm.plain();
  const add = (key: Key, property: Property): void => {
    made.properties.set(key, property);
  };
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      const value = run.evaluate(property.expression, scope);
      if (!isCountable(value)) forget(run, made);
      copyMembers(run, property, value, (key, member) => add(key, { value: member }));
      continue;
    }
    const key = propertyKey(run, property.name, scope);
    if (ts.isPropertyAssignment(property)) {
      const value = run.evaluate(property.initializer, scope);
      if (key === undefined) forget(run, made, value);
      else if (key === '__proto__' && !ts.isComputedPropertyName(property.name))
        inheritFrom(run, property, made, value);
      else add(key, { value });
    } else if (ts.isShorthandPropertyAssignment(property)) {
      add(property.name.text, { value: run.evaluate(property.name, scope) });
    } else {
      const value = makeFunction(run, property, scope, made);
      if (key === undefined) forget(run, made, value);
      else addMethod(made, property, key, value);
    }
  }
  return made;
}

/** It may have been given a member of any name. */
function forget(run: Run, made: Thing, value?: Value): void {
  if (value) run.escape(value);
  made.isOpen = true;
  for (const property of made.properties.values()) {
    run.escape(property.value);
    property.value = run.unknown();
  }
}

function inheritFrom(run: Run, node: ts.Node, made: Thing, value: Value): void {
  if (isPrimitive(value) && value.type !== 'null') return;
  if (isThing(value) || isPrimitive(value)) setPrototype(run, node, made, value);
  else made.proto = undefined;
}

function addMethod(
  made: Thing,
  node: ts.MethodDeclaration | ts.AccessorDeclaration,
  key: Key,
  value: Thing,
): void {
  if (ts.isMethodDeclaration(node)) {
    made.properties.set(key, { value });
    return;
  }
  const known = made.properties.get(key);
  const isGetter = ts.isGetAccessorDeclaration(node);
  const get = isGetter ? value : known?.get;
  const set = isGetter ? known?.set : value;
  made.properties.set(key, { value: UNDEFINED, isAccessor: true, ...(get && { get }), ...(set && { set }) });
}

/** Undefined where the text does not tell the name; what is computed is evaluated. */
function propertyKey(run: Run, name: ts.PropertyName, scope: Scope): Key | undefined {
  return ts.isComputedPropertyName(name) ? toKey(run, name, run.evaluate(name.expression, scope)) : name.text;
}

export function arrayLiteral(run: Run, node: ts.ArrayLiteralExpression, scope: Scope): Value {
  const values: (Value | undefined)[] = [];
  let isKnown = true;
  for (const element of node.elements) {
    if (ts.isOmittedExpression(element)) {
      values.push(undefined);
    } else if (ts.isSpreadElement(element)) {
      const spread = run.evaluate(element.expression, scope);
      const elements = elementsOf(run, element.expression, spread, textOf(element.expression));
      if (elements) values.push(...elements);
      else isKnown = false;
    } else {
      values.push(run.evaluate(element, scope));
    }
  }
  if (isKnown) return run.realm.arrayOf(values);
  for (const value of values) if (value) run.escape(value);
  return run.realm.instance('Array');
}

export function template(run: Run, node: ts.TemplateExpression, scope: Scope): Value {
  let text = primitive(node.head.text);
  for (const { expression, literal } of node.templateSpans) {
    const value = toText(run, expression, run.evaluate(expression, scope));
    text = joined(run, joined(run, text, value), primitive(literal.text));
  }
  return text;
}

export function tagged(run: Run, node: ts.TaggedTemplateExpression, scope: Scope): Value {
  const { tag } = node;
  const found =
    ts.isPropertyAccessExpression(tag) || ts.isElementAccessExpression(tag)
      ? memberAndOwner(run, tag, scope)
      : { owner: UNDEFINED, value: run.evaluate(tag, scope) };
  const spans = ts.isTemplateExpression(node.template) ? node.template.templateSpans : [];
  const args = spans.map(({ expression }) => run.evaluate(expression, scope));
  return run.call(found?.value ?? UNDEFINED, {
    node,
    self: found?.owner ?? UNDEFINED,
    args: [stringsOf(run, node.template), ...args],
    isNew: false,
  });
}

/** With such an escape a tag gets no text, only what stands there. */
const BAD_ESCAPE =
  /(?:^|[^\\])(?:\\\\)*\\(?:[1-9]|0\d|x(?![\da-f]{2})|u(?![\da-f]{4}|\{0*(?:10|[\da-f])?[\da-f]{1,4}\}))/i;

/** What a tag gets first: the texts between what is put in, the same each time. */
function stringsOf(run: Run, node: ts.TemplateLiteral): Value {
  const known = run.templates.get(node);
  if (known) return known;
  const parts = ts.isTemplateExpression(node)
    ? [node.head, ...node.templateSpans.map(({ literal }) => literal)]
    : [node];
  const strings = run.realm.arrayOf(
    parts.map(({ rawText, text }) => (BAD_ESCAPE.test(rawText ?? text) ? UNDEFINED : primitive(text))),
  );
  const raw = run.realm.arrayOf(parts.map(({ rawText, text }) => rawOf(rawText ?? text)));
  defineMember(run, strings, 'raw', { value: raw, isReadOnly: true, isFixed: true, isHidden: true });
  for (const each of [strings, raw]) {
    each.isSealed = true;
    each.isFrozen = true;
  }
  run.templates.set(node, strings);
  return strings;
}

/** A line ends with LF in it, however it does in the text. */
function rawOf(text: string): Value {
  return primitive(text.replaceAll(/\r\n?/g, '\n'));
}
