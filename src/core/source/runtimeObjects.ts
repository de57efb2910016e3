import ts from 'typescript';
import type { MemberUse } from './code.ts';
import { declarationOf } from './declarations.ts';
import { hasModifier } from './facts.ts';
import { walk } from './walk.ts';

/** What the runtime or the platform hands to a class, as far as the text of one source tells. */
export type RuntimeObject =
  /** `DurableObjectState`: the constructor's first argument, or `this.ctx`. */
  | 'state'
  /** `state.storage`, or the argument of a transaction. */
  | 'storage'
  /** The constructor's second argument, `this.env`, or the import. */
  | 'env'
  /** What `butterbase.ctx(…)` gives. */
  | 'context'
  /** `butterbase.ctx(…).env`, which lacks the keys of the platform itself. */
  | 'contextEnv'
  /** `new WebSocketPair()` or its values. */
  | 'pair'
  /** One end of a pair. */
  | 'socket';

/** How many names, fields and members are followed. */
const FURTHEST = 12;

/** Looks through parentheses, casts, constants, fields of the class, destructuring and parameters. */
export function runtimeObject(expression: ts.Expression): RuntimeObject | undefined {
  return ofExpression(expression, 0);
}

/** The object that a member is asked of. */
export function ownerOf(use: MemberUse): RuntimeObject | undefined {
  return ts.isBindingElement(use) ? ofPattern(use.parent, 0) : ofExpression(use.expression, 0);
}

/** Without parentheses, `await` and what is erased. */
export function unwrapped(expression: ts.Expression): ts.Expression {
  let node = expression;
  while (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isAwaitExpression(node)
  ) {
    node = node.expression;
  }
  return node;
}

/** Whether the expression is the global or the helper of that name, and nothing of this source. */
export function isGlobal(node: ts.Expression, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name && declarationOf(node) === undefined;
}

function ofExpression(expression: ts.Expression, depth: number): RuntimeObject | undefined {
  if (depth > FURTHEST) return undefined;
  const node = unwrapped(expression);
  if (ts.isIdentifier(node)) {
    const declaration = declarationOf(node);
    return declaration && ofDeclaration(declaration, depth + 1);
  }
  if (ts.isPropertyAccessExpression(node)) return ofMember(node.expression, node.name.text, depth + 1);
  if (ts.isElementAccessExpression(node)) {
    const { argumentExpression: key } = node;
    return ts.isStringLiteralLike(key) || ts.isNumericLiteral(key)
      ? ofMember(node.expression, key.text, depth + 1)
      : undefined;
  }
  if (ts.isNewExpression(node)) return isGlobal(node.expression, 'WebSocketPair') ? 'pair' : undefined;
  if (ts.isCallExpression(node)) return ofCall(node, depth + 1);
  return undefined;
}

function ofCall(node: ts.CallExpression, depth: number): RuntimeObject | undefined {
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  if (expression.name.text === 'ctx' && isGlobal(expression.expression, 'butterbase')) return 'context';
  const [first] = node.arguments;
  if (first && expression.name.text === 'values' && isGlobal(expression.expression, 'Object')) {
    return ofExpression(first, depth) === 'pair' ? 'pair' : undefined;
  }
  return undefined;
}

function ofMember(object: ts.Expression, name: string, depth: number): RuntimeObject | undefined {
  const node = unwrapped(object);
  if (node.kind === ts.SyntaxKind.ThisKeyword) {
    const owner = classOfThis(node);
    return owner && ofField(owner, name, depth);
  }
  return memberOf(ofExpression(node, depth), name);
}

function memberOf(object: RuntimeObject | undefined, name: string): RuntimeObject | undefined {
  if (object === 'state') return name === 'storage' ? 'storage' : undefined;
  if (object === 'context') return name === 'env' ? 'contextEnv' : name === 'state' ? 'state' : undefined;
  if (object === 'pair') return name === '0' || name === '1' ? 'socket' : undefined;
  return undefined;
}

function ofDeclaration(name: ts.Identifier, depth: number): RuntimeObject | undefined {
  if (depth > FURTHEST) return undefined;
  const { parent } = name;
  if (ts.isVariableDeclaration(parent)) {
    return ofVariable(parent, depth + 1);
  }
  if (ts.isParameter(parent)) return ofParameter(parent, depth + 1);
  if (ts.isBindingElement(parent)) return ofBinding(parent, depth + 1);
  if (ts.isImportSpecifier(parent)) {
    const module = parent.parent.parent.parent.moduleSpecifier;
    const isEnv = (parent.propertyName ?? parent.name).text === 'env';
    return isEnv && ts.isStringLiteral(module) && module.text === 'cloudflare:workers' ? 'env' : undefined;
  }
  return undefined;
}

/** A literal is nothing that the runtime hands out, whatever its type. */
function ofVariable({ type, initializer }: ts.VariableDeclaration, depth: number): RuntimeObject | undefined {
  if (initializer && ts.isObjectLiteralExpression(initializer)) return undefined;
  return ofType(type) ?? (initializer && ofExpression(initializer, depth));
}

function ofBinding(element: ts.BindingElement, depth: number): RuntimeObject | undefined {
  if (depth > FURTHEST || element.dotDotDotToken) return undefined;
  const pattern = element.parent;
  const key = ts.isArrayBindingPattern(pattern)
    ? String(pattern.elements.indexOf(element))
    : keyOf(element.propertyName ?? element.name);
  if (key === undefined) return undefined;
  const { parent } = pattern;
  if (ts.isVariableDeclaration(parent) && parent.initializer) {
    return ofMember(parent.initializer, key, depth + 1);
  }
  return memberOf(ofPattern(pattern, depth + 1), key);
}

/** What is taken apart by a pattern. */
function ofPattern(pattern: ts.BindingPattern, depth: number): RuntimeObject | undefined {
  const { parent } = pattern;
  if (ts.isVariableDeclaration(parent)) {
    return ofVariable(parent, depth + 1);
  }
  return ts.isParameter(parent) ? ofParameter(parent, depth + 1) : ofBinding(parent, depth + 1);
}

function keyOf(name: ts.PropertyName | ts.BindingName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)
    ? name.text
    : undefined;
}

function ofParameter(parameter: ts.ParameterDeclaration, depth: number): RuntimeObject | undefined {
  if (parameter.type) {
    const byType = ofType(parameter.type);
    if (byType) return byType;
  }
  const owner = parameter.parent;
  const index = owner.parameters.indexOf(parameter);
  if (ts.isConstructorDeclaration(owner)) {
    if (!isDurableObjectClass(owner.parent)) return undefined;
    return index === 0 ? 'state' : index === 1 ? 'env' : undefined;
  }
  const call = owner.parent;
  const isTransaction =
    index === 0 &&
    ts.isCallExpression(call) &&
    call.arguments[0] === owner &&
    ts.isPropertyAccessExpression(call.expression) &&
    call.expression.name.text === 'transaction';
  return isTransaction && ofExpression(call.expression.expression, depth) === 'storage'
    ? 'storage'
    : undefined;
}

const TYPES: ReadonlyMap<string, RuntimeObject> = new Map([
  ['DurableObjectState', 'state'],
  ['DurableObjectStorage', 'storage'],
  ['DurableObjectTransaction', 'storage'],
  ['Env', 'env'],
]);

function ofType(type: ts.TypeNode | undefined): RuntimeObject | undefined {
  if (!type || !ts.isTypeReferenceNode(type)) return undefined;
  const name = ts.isIdentifier(type.typeName) ? type.typeName : type.typeName.right;
  return TYPES.get(name.text);
}

/** The field of a class by that name, its base classes of this source included. */
function ofField(owner: ts.ClassLikeDeclaration, name: string, depth: number): RuntimeObject | undefined {
  if (depth > FURTHEST) return undefined;
  for (const member of owner.members) {
    if (ts.isPropertyDeclaration(member) && keyOfMember(member) === name) {
      const found =
        ofType(member.type) ?? (member.initializer && ofExpression(member.initializer, depth + 1));
      if (found) return found;
    } else if (ts.isConstructorDeclaration(member) && member.body) {
      const parameter = member.parameters.find(
        (candidate) => ts.isParameterPropertyDeclaration(candidate, member) && keyOf(candidate.name) === name,
      );
      if (parameter) return ofParameter(parameter, depth + 1);
      const assigned = fieldsSetBy(member.body).get(name);
      if (assigned) return ofExpression(assigned, depth + 1);
    } else if (member.name && keyOfMember(member) === name) {
      return undefined;
    }
  }
  const base = baseOf(owner);
  if (base && base !== owner) return ofField(base, name, depth + 1);
  if (!isDurableObjectClass(owner) || !heritageOf(owner)) return undefined;
  return name === 'ctx' ? 'state' : name === 'env' ? 'env' : undefined;
}

function keyOfMember(member: ts.ClassElement): string | undefined {
  const { name } = member;
  return name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteral(name))
    ? name.text
    : undefined;
}

const fieldsByBody = new WeakMap<ts.Block, ReadonlyMap<string, ts.Expression>>();

/** What `this.x = …` gives each field in a constructor, the last of them. */
function fieldsSetBy(body: ts.Block): ReadonlyMap<string, ts.Expression> {
  const known = fieldsByBody.get(body);
  if (known) return known;
  const fields = new Map<string, ts.Expression>();
  walk(body, (node) => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const { left, right } = node;
      if (ts.isPropertyAccessExpression(left) && left.expression.kind === ts.SyntaxKind.ThisKeyword) {
        fields.set(left.name.text, right);
      }
    }
    return !ts.isFunctionLike(node);
  });
  fieldsByBody.set(body, fields);
  return fields;
}

/** The class whose instance `this` is. */
function classOfThis(node: ts.Node): ts.ClassLikeDeclaration | undefined {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isArrowFunction(at)) continue;
    if (ts.isClassElement(at) && ts.isClassLike(at.parent)) return isStatic(at) ? undefined : at.parent;
    if (ts.isFunctionLike(at)) return undefined;
  }
  return undefined;
}

function isStatic(member: ts.ClassElement): boolean {
  if (ts.isClassStaticBlockDeclaration(member)) return true;
  return (
    ts.canHaveModifiers(member) &&
    (ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false)
  );
}

/** What the class extends. */
export function heritageOf(node: ts.ClassLikeDeclaration): ts.Expression | undefined {
  return node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0]
    ?.expression;
}

/** The class of this source that a class extends. */
export function baseOf(node: ts.ClassLikeDeclaration): ts.ClassLikeDeclaration | undefined {
  const base = heritageOf(node);
  const name = base && ts.isIdentifier(base) ? declarationOf(base) : undefined;
  if (!name) return undefined;
  if (ts.isClassLike(name.parent)) return name.parent;
  const value = ts.isVariableDeclaration(name.parent) ? name.parent.initializer : undefined;
  return value && ts.isClassExpression(value) ? value : undefined;
}

/** The runtime makes its instances: it is exported, or its base is the runtime's. */
function isDurableObjectClass(node: ts.ClassLikeDeclaration): boolean {
  if (ts.isClassDeclaration(node) && hasModifier(node, ts.SyntaxKind.ExportKeyword)) return true;
  const base = heritageOf(node);
  const name = base && ts.isPropertyAccessExpression(base) ? base.name : base;
  return name !== undefined && ts.isIdentifier(name) && name.text === 'DurableObject';
}
