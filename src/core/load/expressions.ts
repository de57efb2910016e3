import ts from 'typescript';
import { assign } from './bindings.ts';
import { defineClass } from './classes.ts';
import { makeFunction } from './functions.ts';
import { arrayOf, elementsOf, getMember, typeOf } from './members.ts';
import { binary, operatorOf, unary } from './operators.ts';
import type { Run } from './run.ts';
import {
  isNothing,
  isThing,
  join,
  openObject,
  primitive,
  settled,
  SOME_BOOLEAN,
  SOME_NUMBER,
  SOME_STRING,
  Thing,
  truth,
  UNDEFINED,
  UNKNOWN,
  NULL,
  type Value,
  type Scope,
} from './values.ts';

const { SyntaxKind } = ts;

/** What an expression gives; runs what it runs. */
export function evaluate(run: Run, node: ts.Expression, scope: Scope): Value {
  switch (node.kind) {
    case SyntaxKind.Identifier:
      return read(run, node as ts.Identifier, scope);
    case SyntaxKind.NumericLiteral:
      return primitive(Number((node as ts.NumericLiteral).text));
    case SyntaxKind.StringLiteral:
    case SyntaxKind.NoSubstitutionTemplateLiteral:
      return primitive((node as ts.StringLiteral).text);
    case SyntaxKind.BigIntLiteral:
      return { kind: 'primitive', type: 'bigint' };
    case SyntaxKind.TrueKeyword:
      return primitive(true);
    case SyntaxKind.FalseKeyword:
      return primitive(false);
    case SyntaxKind.NullKeyword:
      return NULL;
    case SyntaxKind.ThisKeyword:
      return run.self;
    case SyntaxKind.RegularExpressionLiteral:
      return openObject();
    case SyntaxKind.ParenthesizedExpression:
    case SyntaxKind.AsExpression:
    case SyntaxKind.NonNullExpression:
    case SyntaxKind.SatisfiesExpression:
    case SyntaxKind.TypeAssertionExpression:
    case SyntaxKind.ExpressionWithTypeArguments:
      return run.evaluate((node as ts.ParenthesizedExpression).expression, scope);
    case SyntaxKind.ArrowFunction:
    case SyntaxKind.FunctionExpression:
      return makeFunction(run, node as ts.ArrowFunction | ts.FunctionExpression, scope);
    case SyntaxKind.ClassExpression:
      return defineClass(run, node as ts.ClassExpression, scope);
    case SyntaxKind.PropertyAccessExpression:
    case SyntaxKind.ElementAccessExpression:
    case SyntaxKind.CallExpression:
      return chain(run, node, scope) ?? UNDEFINED;
    default:
      return evaluateOther(run, node, scope);
  }
}

function evaluateOther(run: Run, node: ts.Expression, scope: Scope): Value {
  if (ts.isBinaryExpression(node)) return evaluateBinary(run, node, scope);
  if (ts.isObjectLiteralExpression(node)) return objectLiteral(run, node, scope);
  if (ts.isArrayLiteralExpression(node)) {
    const elements = list(run, node.elements, scope);
    return elements ? arrayOf(elements) : openObject();
  }
  if (ts.isTemplateExpression(node)) return template(run, node, scope);
  if (ts.isConditionalExpression(node)) return conditional(run, node, scope);
  if (ts.isNewExpression(node)) return create(run, node, scope);
  if (ts.isAwaitExpression(node)) return settle(run, node, run.evaluate(node.expression, scope));
  if (ts.isTypeOfExpression(node)) return typeOfExpression(run, node, scope);
  if (ts.isVoidExpression(node)) {
    run.evaluate(node.expression, scope);
    return UNDEFINED;
  }
  if (ts.isDeleteExpression(node)) return remove(run, node, scope);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return step(run, node, scope);
  if (ts.isTaggedTemplateExpression(node)) return tagged(run, node, scope);
  if (ts.isYieldExpression(node)) {
    if (node.expression) run.escape(run.evaluate(node.expression, scope));
    return run.unknown();
  }
  if (ts.isMetaProperty(node)) return node.keywordToken === SyntaxKind.ImportKeyword ? openObject() : UNKNOWN;
  if (ts.isOmittedExpression(node)) return UNDEFINED;
  return run.unknown();
}

function read(run: Run, node: ts.Identifier, scope: Scope): Value {
  const binding = scope.find(node.text);
  // A name that a syntax error left empty.
  if (node.text === '') return run.unknown();
  if (!binding) run.fail(node, `${node.text} is declared nowhere`, 'name');
  if (!binding.isReady) run.fail(node, `${node.text} is used before its declaration has run`, 'name');
  return binding.isVolatile === true ? UNKNOWN : binding.value;
}

/** Undefined when an optional chain ends before. */
function chain(run: Run, node: ts.Expression, scope: Scope): Value | undefined {
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    return memberAndOwner(run, node, scope)?.value;
  }
  if (ts.isCallExpression(node)) return callExpression(run, node, scope);
  if (ts.isNonNullExpression(node)) return chain(run, node.expression, scope);
  return run.evaluate(node, scope);
}

interface Found {
  readonly owner: Value;
  readonly value: Value;
}

function memberAndOwner(
  run: Run,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  scope: Scope,
): Found | undefined {
  const { expression } = node;
  if (expression.kind === SyntaxKind.SuperKeyword) {
    if (ts.isElementAccessExpression(node)) run.evaluate(node.argumentExpression, scope);
    return { owner: run.self, value: run.unknown() };
  }
  const owner = ts.isOptionalChain(node) ? chain(run, expression, scope) : run.evaluate(expression, scope);
  if (owner === undefined) return undefined;
  if (node.questionDotToken) {
    if (isNothing(owner)) return undefined;
    // What comes next in the chain may be passed over.
    if (owner === UNKNOWN) return { owner, value: UNKNOWN };
  }
  const key = ts.isPropertyAccessExpression(node)
    ? node.name.text
    : keyOf(run, node.argumentExpression, scope);
  return { owner, value: getMember(run, node, owner, key, textOf(expression)) };
}

function keyOf(run: Run, node: ts.Expression, scope: Scope): string | undefined {
  const key = run.evaluate(node, scope);
  if (isThing(key) || key.kind === 'unknown') return undefined;
  return key.value === undefined ? undefined : String(key.value);
}

function callExpression(run: Run, node: ts.CallExpression, scope: Scope): Value | undefined {
  const { expression } = node;
  if (expression.kind === SyntaxKind.SuperKeyword || expression.kind === SyntaxKind.ImportKeyword) {
    for (const argument of node.arguments) run.escape(run.evaluate(argument, scope));
    return expression.kind === SyntaxKind.ImportKeyword ? imported(run, node) : run.unknown();
  }
  let self: Value = UNDEFINED;
  let callee: Value | undefined;
  const target = ts.isNonNullExpression(expression) ? expression.expression : expression;
  if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) {
    const found = memberAndOwner(run, target, scope);
    self = found?.owner ?? UNDEFINED;
    callee = found?.value;
  } else {
    callee = ts.isOptionalChain(node) ? chain(run, target, scope) : run.evaluate(target, scope);
  }
  if (callee === undefined || (node.questionDotToken && isNothing(callee))) return undefined;
  const args = list(run, node.arguments, scope);
  return run.call(callee, { node, self, args: args ?? [UNKNOWN, UNKNOWN, UNKNOWN], isNew: false });
}

/** The rule about modules says which of them there are. */
function imported(run: Run, node: ts.CallExpression): Value {
  const [specifier] = node.arguments;
  if (!specifier || !ts.isStringLiteralLike(specifier) || run.hasModule(specifier.text)) {
    return settled({ state: 'unknown' });
  }
  return settled({
    state: 'rejected',
    failure: { node, message: `there is no module '${specifier.text}'`, kind: 'module' },
  });
}

/** Arguments or elements; undefined when a spread of something unknown is among them. */
function list(run: Run, nodes: readonly ts.Expression[], scope: Scope): Value[] | undefined {
  let isKnown = true;
  const values: Value[] = [];
  for (const node of nodes) {
    if (ts.isSpreadElement(node)) {
      const spread = run.evaluate(node.expression, scope);
      const elements = elementsOf(run, node.expression, spread, textOf(node.expression));
      if (elements) values.push(...elements);
      else isKnown = false;
    } else {
      values.push(run.evaluate(node, scope));
    }
  }
  if (!isKnown) for (const value of values) run.escape(value);
  return isKnown ? values : undefined;
}

function evaluateBinary(run: Run, node: ts.BinaryExpression, scope: Scope): Value {
  const operator = node.operatorToken.kind;
  const { left, right } = node;
  switch (operator) {
    case SyntaxKind.AmpersandAmpersandToken:
    case SyntaxKind.BarBarToken:
    case SyntaxKind.QuestionQuestionToken:
      return logical(run, operator, run.evaluate(left, scope), () => run.evaluate(right, scope));
    case SyntaxKind.EqualsToken: {
      const target = assign(run, left, scope);
      const value = run.evaluate(right, scope);
      target(value);
      return value;
    }
    case SyntaxKind.AmpersandAmpersandEqualsToken:
    case SyntaxKind.BarBarEqualsToken:
    case SyntaxKind.QuestionQuestionEqualsToken: {
      const before = run.evaluate(left, scope);
      const plain = LOGICAL.get(operator) ?? operator;
      return logical(run, plain, before, () => {
        const value = run.evaluate(right, scope);
        assign(run, left, scope)(value);
        return value;
      });
    }
  }
  const plain = operatorOf(operator);
  if (plain !== undefined) {
    const value = binary(run, node, plain, run.evaluate(left, scope), run.evaluate(right, scope));
    assign(run, left, scope)(value);
    return value;
  }
  if (ts.isPrivateIdentifier(left)) {
    run.evaluate(right, scope);
    return SOME_BOOLEAN;
  }
  return binary(run, node, operator, run.evaluate(left, scope), run.evaluate(right, scope));
}

const LOGICAL: ReadonlyMap<ts.SyntaxKind, ts.SyntaxKind> = new Map([
  [SyntaxKind.AmpersandAmpersandEqualsToken, SyntaxKind.AmpersandAmpersandToken],
  [SyntaxKind.BarBarEqualsToken, SyntaxKind.BarBarToken],
  [SyntaxKind.QuestionQuestionEqualsToken, SyntaxKind.QuestionQuestionToken],
]);

function logical(run: Run, operator: ts.SyntaxKind, left: Value, right: () => Value): Value {
  const known =
    operator === SyntaxKind.QuestionQuestionToken
      ? left === UNKNOWN
        ? undefined
        : !isNothing(left)
      : truth(left);
  const stops =
    known === undefined ? undefined : operator === SyntaxKind.AmpersandAmpersandToken ? !known : known;
  if (stops === true) return left;
  return stops === false ? right() : join(left, maybe(run, right));
}

/** Something that may not run; when it throws, that may have happened. */
function maybe(run: Run, way: () => Value): Value {
  let value: Value = UNKNOWN;
  run.either([
    () => {
      value = way();
      return undefined;
    },
    () => undefined,
  ]);
  return value;
}

function conditional(run: Run, node: ts.ConditionalExpression, scope: Scope): Value {
  const known = truth(run.evaluate(node.condition, scope));
  if (known !== undefined) return run.evaluate(known ? node.whenTrue : node.whenFalse, scope);
  const values: Value[] = [];
  run.either(
    [node.whenTrue, node.whenFalse].map((way) => () => {
      values.push(run.evaluate(way, scope));
      return undefined;
    }),
  );
  return values.length === 2 ? values.reduce(join) : UNKNOWN;
}

function objectLiteral(run: Run, node: ts.ObjectLiteralExpression, scope: Scope): Value {
  const made = new Thing();
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      const value = run.evaluate(property.expression, scope);
      if (!isNothing(value)) made.isOpen = true;
      run.escape(value);
      continue;
    }
    const key = propertyKey(run, property.name, scope);
    const isProto = key === '__proto__' && ts.isPropertyAssignment(property);
    if (key === undefined || isProto) made.isOpen = true;
    if (ts.isPropertyAssignment(property)) {
      const value = run.evaluate(property.initializer, scope);
      if (key === undefined || isProto) run.escape(value);
      else made.properties.set(key, { value });
    } else if (ts.isShorthandPropertyAssignment(property)) {
      made.properties.set(property.name.text, { value: run.evaluate(property.name, scope) });
    } else if (key !== undefined) {
      const value = makeFunction(run, property, scope);
      const known = made.properties.get(key);
      if (ts.isGetAccessorDeclaration(property))
        made.properties.set(key, { ...(known?.set && { set: known.set }), value: UNDEFINED, get: value });
      else if (ts.isSetAccessorDeclaration(property))
        made.properties.set(key, { ...(known?.get && { get: known.get }), value: UNDEFINED, set: value });
      else made.properties.set(key, { value });
    }
  }
  return made;
}

/** Undefined where the text does not tell the name; what is computed is evaluated. */
function propertyKey(run: Run, name: ts.PropertyName, scope: Scope): string | undefined {
  return ts.isComputedPropertyName(name) ? keyOf(run, name.expression, scope) : name.text;
}

function template(run: Run, node: ts.TemplateExpression, scope: Scope): Value {
  for (const { expression } of node.templateSpans) {
    const value = run.evaluate(expression, scope);
    if (!isThing(value) && value.kind === 'primitive' && value.type === 'symbol') {
      run.fail(expression, 'a symbol is no text');
    }
    if (isThing(value) || value.kind === 'unknown') run.unknown();
  }
  return SOME_STRING;
}

function create(run: Run, node: ts.NewExpression, scope: Scope): Value {
  const callee = run.evaluate(node.expression, scope);
  const args = list(run, node.arguments ?? [], scope);
  return run.call(callee, { node, self: UNDEFINED, args: args ?? [UNKNOWN, UNKNOWN, UNKNOWN], isNew: true });
}

/** What an `await` gives. */
export function settle(run: Run, node: ts.Node, value: Value): Value {
  run.waited();
  if (!isThing(value)) return value.kind === 'unknown' ? run.unknown() : value;
  if (!value.promise) {
    if (!value.isOpen && !value.properties.has('then') && !value.of && !value.isFunction) return value;
    return run.unknown();
  }
  switch (value.promise.state) {
    case 'fulfilled':
      return value.promise.value;
    case 'rejected': {
      const { failure } = value.promise;
      return run.fail(failure.node, failure.message, failure.kind);
    }
    case 'pending':
      run.recordEndless({ node, message: 'this await never ends', kind: 'endless' });
      return run.unknown();
    case 'unknown':
      return run.unknown();
  }
}

function typeOfExpression(run: Run, { expression }: ts.TypeOfExpression, scope: Scope): Value {
  let node: ts.Expression = expression;
  while (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node))
    node = node.expression;
  if (ts.isIdentifier(node) && !scope.find(node.text)) return primitive('undefined');
  return typeOf(run.evaluate(node, scope));
}

function remove(run: Run, node: ts.DeleteExpression, scope: Scope): Value {
  const target = node.expression;
  if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) {
    const found = memberAndOwner(run, target, scope);
    if (found && isThing(found.owner)) {
      if (found.owner.isFrozen)
        run.fail(node, `${textOf(target.expression)} is frozen, so that nothing can be deleted`);
      found.owner.isOpen = true;
      found.owner.elements = undefined;
    }
  } else {
    run.evaluate(target, scope);
  }
  return SOME_BOOLEAN;
}

function step(run: Run, node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, scope: Scope): Value {
  const { operator, operand } = node;
  const before = run.evaluate(operand, scope);
  if (operator !== SyntaxKind.PlusPlusToken && operator !== SyntaxKind.MinusMinusToken) {
    return unary(run, node, operator, before);
  }
  const known =
    !isThing(before) && before.kind === 'primitive' && typeof before.value === 'number'
      ? before.value
      : undefined;
  const after =
    known === undefined
      ? SOME_NUMBER
      : primitive(operator === SyntaxKind.PlusPlusToken ? known + 1 : known - 1);
  assign(run, operand, scope)(after);
  return ts.isPrefixUnaryExpression(node) ? after : known === undefined ? SOME_NUMBER : primitive(known);
}

function tagged(run: Run, node: ts.TaggedTemplateExpression, scope: Scope): Value {
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
    args: [openObject(), ...args],
    isNew: false,
  });
}

/** How people know it. */
export function textOf(node: ts.Node): string {
  const text = node.getText();
  return text.length <= 40 && !text.includes('\n') ? text : 'this';
}
