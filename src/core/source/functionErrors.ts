import ts from 'typescript';

/** What TypeScript's parser takes of a function and JavaScript does not; undefined for what is fine. */
export function functionProblem(node: ts.SignatureDeclaration): string | undefined {
  if (ts.isAccessor(node) && ts.isObjectLiteralExpression(node.parent)) {
    const problem = accessorProblem(node);
    if (problem !== undefined) return problem;
  }
  const { body } = node as { readonly body?: ts.Node };
  if (body === undefined) return undefined;
  const parameters = node.parameters.filter(isValue);
  const rest = parameters.findIndex(({ dotDotDotToken }) => dotDotDotToken !== undefined);
  if (rest >= 0 && rest < parameters.length - 1) return 'What takes the rest has to be the last parameter.';
  if (parameters[rest]?.initializer) return 'What takes the rest has no default.';
  const isPattern = ({ name }: ts.ParameterDeclaration): boolean => !ts.isIdentifier(name);
  if (ts.isConstructorDeclaration(node)) {
    const isField = (parameter: ts.ParameterDeclaration): boolean =>
      ts.isParameterPropertyDeclaration(parameter, node) && isPattern(parameter);
    if (parameters.some(isField)) return 'A parameter that is a field has to be a plain name.';
  }
  const isSimple = parameters.every(
    (parameter) => !isPattern(parameter) && !parameter.initializer && !parameter.dotDotDotToken,
  );
  return !isSimple && ts.isBlock(body) && isStrict(body)
    ? "'use strict' is only allowed in a function with plain parameters, and a module is strict anyway."
    : undefined;
}

/** What is wrong with the parameters of a getter or setter; undefined for what is fine. */
export function accessorProblem(node: ts.AccessorDeclaration): string | undefined {
  const parameters = node.parameters.filter(isValue);
  if (ts.isGetAccessorDeclaration(node))
    return parameters.length === 0 ? undefined : 'A getter has no parameters.';
  const [value] = parameters;
  if (parameters.length !== 1 || value === undefined) return 'A setter has one parameter.';
  return value.dotDotDotToken && 'The parameter of a setter cannot take the rest.';
}

/** `await` and `yield` in the parameters of the function that they would belong to. */
export function waitingProblem(node: ts.AwaitExpression | ts.YieldExpression): string | undefined {
  let child: ts.Node = node;
  for (let at: ts.Node = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isComputedPropertyName(child) || ts.isDecorator(child)) {
      // Both are evaluated around what they belong to.
      child = at;
      continue;
    }
    if (ts.isFunctionLike(at)) {
      const isOfParameter = ts.isParameter(child) && at.parameters.includes(child);
      return isOfParameter
        ? `\`${ts.isAwaitExpression(node) ? 'await' : 'yield'}\` is not allowed in parameters.`
        : undefined;
    }
    if (ts.isClassElement(at)) return undefined;
    child = at;
  }
  return undefined;
}

/** A parameter `this` is for the types only. */
function isValue({ name }: ts.ParameterDeclaration): boolean {
  return !(ts.isIdentifier(name) && name.text === 'this');
}

function isStrict({ statements }: ts.Block): boolean {
  for (const statement of statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression)) return false;
    // With an escape in it, it is any text.
    if (/^.use strict.$/.test(statement.expression.getText())) return true;
  }
  return false;
}
