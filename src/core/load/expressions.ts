import ts from 'typescript';
import { Suspended } from './awaits.ts';
import { assign, bare, textOf } from './bindings.ts';
import { chain, create, maybe, memberAndOwner } from './chains.ts';
import { defineClass } from './classes.ts';
import { makeFunction } from './functions.ts';
import { iterate } from './iteration.ts';
import { arrayLiteral, objectLiteral, tagged, template } from './literals.ts';
import { fromReal } from './natives/real.ts';
import { deleteMember } from './objects.ts';
import { binary, operatorOf, toNumeric, unary } from './operators.ts';
import { hasPrivate } from './privates.ts';
import { reference } from './references.ts';
import { settle } from './waiting.ts';
import type { Run } from './run.ts';
import {
  isNothing,
  isPrimitive,
  isThing,
  NULL,
  primitive,
  SOME_BIGINT,
  SOME_NUMBER,
  SOME_STRING,
  truth,
  UNDEFINED,
  UNKNOWN,
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
      return bigint(node as ts.BigIntLiteral);
    case SyntaxKind.TrueKeyword:
      return primitive(true);
    case SyntaxKind.FalseKeyword:
      return primitive(false);
    case SyntaxKind.NullKeyword:
      return NULL;
    case SyntaxKind.ThisKeyword:
      return (
        run.frame.self ?? run.fail(node, 'this is used before super() is called', 'type', 'ReferenceError')
      );
    case SyntaxKind.RegularExpressionLiteral:
      return regularExpression(run, node as ts.RegularExpressionLiteral);
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
  if (ts.isArrayLiteralExpression(node)) return arrayLiteral(run, node, scope);
  if (ts.isTemplateExpression(node)) return template(run, node, scope);
  if (ts.isConditionalExpression(node)) return conditional(run, node, scope);
  if (ts.isNewExpression(node)) return create(run, node, scope);
  if (ts.isAwaitExpression(node)) return awaited(run, node, scope);
  if (ts.isTypeOfExpression(node)) return typeOfExpression(run, node, scope);
  if (ts.isVoidExpression(node)) {
    run.evaluate(node.expression, scope);
    return UNDEFINED;
  }
  if (ts.isDeleteExpression(node)) return remove(run, node, scope);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return step(run, node, scope);
  if (ts.isTaggedTemplateExpression(node)) return tagged(run, node, scope);
  if (ts.isYieldExpression(node)) return yielded(run, node, scope);
  if (ts.isMetaProperty(node)) return metaProperty(run, node);
  if (ts.isOmittedExpression(node)) return UNDEFINED;
  return run.unknown();
}

/** An async function that can go on later stops here. */
function awaited(run: Run, node: ts.AwaitExpression, scope: Scope): Value {
  const known = run.journal?.get(node);
  if (known) return known;
  const value = run.evaluate(node.expression, scope);
  if (run.journal && run.isCertain) throw new Suspended(node, value);
  return settle(run, node, value);
}

function read(run: Run, node: ts.Identifier, scope: Scope): Value {
  const binding = scope.find(node.text);
  // A name that a syntax error left empty.
  if (node.text === '') return run.unknown();
  if (!binding) run.fail(node, `${node.text} is declared nowhere`, 'name', 'ReferenceError');
  if (!binding.isReady)
    run.fail(node, `${node.text} is used before its declaration has run`, 'name', 'ReferenceError');
  return binding.isVolatile === true ? UNKNOWN : binding.value;
}

/** Longer ones take long to read. */
const LONGEST_BIGINT = 1_000;

function bigint({ text }: ts.BigIntLiteral): Value {
  if (text.length > LONGEST_BIGINT) return SOME_BIGINT;
  try {
    return primitive(BigInt(text.slice(0, -1)));
  } catch {
    return SOME_BIGINT;
  }
}

const LONGEST_PATTERN = 1_000;

function regularExpression(run: Run, { text }: ts.RegularExpressionLiteral): Value {
  const end = text.lastIndexOf('/');
  const unknown = run.realm.instance('RegExp');
  if (end <= 0 || text.length > LONGEST_PATTERN) return unknown;
  try {
    return fromReal(run, new RegExp(text.slice(1, end), text.slice(end + 1)), 0) ?? unknown;
  } catch {
    // That it is none is an error of the grammar.
    return unknown;
  }
}

function metaProperty(run: Run, node: ts.MetaProperty): Value {
  if (node.keywordToken !== SyntaxKind.ImportKeyword) return run.frame.target;
  const made = run.realm.thing('import.meta');
  made.isOpen = false;
  made.proto = null;
  made.native = undefined;
  made.lookup = undefined;
  if (made.properties.size === 0) made.properties.set('main', { value: primitive(true) });
  return made;
}

function yielded(run: Run, node: ts.YieldExpression, scope: Scope): Value {
  const value = node.expression ? run.evaluate(node.expression, scope) : UNDEFINED;
  const { give } = run;
  if (!give) {
    run.escape(value);
    return run.unknown();
  }
  if (!node.asteriskToken) {
    return give(value);
  }
  iterate(run, node, value, node.expression ? textOf(node.expression) : 'this', (each) => {
    give(each);
    return true;
  });
  return run.unknown();
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
      const target = reference(run, left, scope);
      const plain = LOGICAL.get(operator) ?? operator;
      return logical(run, plain, target.value, () => {
        const value = run.evaluate(right, scope);
        target.set(value);
        return value;
      });
    }
  }
  const plain = operatorOf(operator);
  if (plain !== undefined) {
    const target = reference(run, left, scope);
    const value = binary(run, node, plain, target.value, run.evaluate(right, scope));
    target.set(value);
    return value;
  }
  if (ts.isPrivateIdentifier(left))
    return hasPrivate(run, node, run.evaluate(right, scope), left.text, scope);
  return binary(run, node, operator, run.evaluate(left, scope), run.evaluate(right, scope));
}

const LOGICAL: ReadonlyMap<ts.SyntaxKind, ts.SyntaxKind> = new Map([
  [SyntaxKind.AmpersandAmpersandEqualsToken, SyntaxKind.AmpersandAmpersandToken],
  [SyntaxKind.BarBarEqualsToken, SyntaxKind.BarBarToken],
  [SyntaxKind.QuestionQuestionEqualsToken, SyntaxKind.QuestionQuestionToken],
]);

function logical(run: Run, operator: ts.SyntaxKind, left: Value, right: () => Value): Value {
  run.decisions += 1;
  const known =
    operator === SyntaxKind.QuestionQuestionToken
      ? left === UNKNOWN
        ? undefined
        : !isNothing(left)
      : truth(left);
  const stops =
    known === undefined ? undefined : operator === SyntaxKind.AmpersandAmpersandToken ? !known : known;
  if (stops === true) return left;
  return stops === false ? right() : run.join(left, maybe(run, right));
}

function conditional(run: Run, node: ts.ConditionalExpression, scope: Scope): Value {
  run.decisions += 1;
  const known = truth(run.evaluate(node.condition, scope));
  if (known !== undefined) return run.evaluate(known ? node.whenTrue : node.whenFalse, scope);
  const values: Value[] = [];
  run.either(
    [node.whenTrue, node.whenFalse].map((way) => () => {
      values.push(run.evaluate(way, scope));
      return undefined;
    }),
  );
  const [first, second] = values;
  if (!first || !second) return UNKNOWN;
  return run.join(first, second);
}

function typeOfExpression(run: Run, { expression }: ts.TypeOfExpression, scope: Scope): Value {
  const node = bare(expression);
  if (ts.isIdentifier(node) && !scope.find(node.text)) return primitive('undefined');
  const value = run.evaluate(node, scope);
  if (isThing(value)) {
    if (value.isFunction) return primitive('function');
    return value.isOpen || value.proxy ? SOME_STRING : primitive('object');
  }
  if (!isPrimitive(value)) return SOME_STRING;
  return primitive(value.type === 'null' ? 'object' : value.type);
}

function remove(run: Run, node: ts.DeleteExpression, scope: Scope): Value {
  const target = bare(node.expression);
  if (!ts.isPropertyAccessExpression(target) && !ts.isElementAccessExpression(target)) {
    run.evaluate(target, scope);
    return primitive(true);
  }
  if (
    target.expression.kind === SyntaxKind.SuperKeyword ||
    target.questionDotToken ||
    ts.isOptionalChain(target)
  ) {
    memberAndOwner(run, target, scope);
    return run.unknown();
  }
  const owner = run.evaluate(target.expression, scope);
  const key = ts.isPropertyAccessExpression(target)
    ? primitive(target.name.text)
    : run.evaluate(target.argumentExpression, scope);
  const name = isPrimitive(key) && key.value !== undefined ? key.value : undefined;
  const isName = typeof name === 'symbol' || typeof name === 'string';
  const known = isName ? name : name === undefined ? undefined : String(name);
  return deleteMember(run, node, owner, known, textOf(target.expression));
}

function step(run: Run, node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, scope: Scope): Value {
  const { operator, operand } = node;
  if (operator !== SyntaxKind.PlusPlusToken && operator !== SyntaxKind.MinusMinusToken) {
    return unary(run, node, operator, run.evaluate(operand, scope));
  }
  const target = reference(run, operand, scope);
  const before = toNumeric(run, node, target.value);
  const by = operator === SyntaxKind.PlusPlusToken ? 1 : -1;
  const after =
    typeof before.value === 'number'
      ? primitive(before.value + by)
      : typeof before.value === 'bigint'
        ? primitive(before.value + BigInt(by))
        : before.type === 'bigint'
          ? SOME_BIGINT
          : SOME_NUMBER;
  target.set(after);
  return ts.isPrefixUnaryExpression(node) ? after : before;
}
