import ts from 'typescript';
import { declarationOf } from '../source/declarations.ts';
import { mayBeSkipped } from '../source/certainty.ts';
import { codeOf } from '../source/code.ts';
import { isGlobal } from '../source/runtimeObjects.ts';
import type { Finding } from './finding.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'dynamic-code';

/** Code from a string: the runtime throws an EvalError, always. */
export const dynamicCode: FileRule = {
  id: ID,
  check(file) {
    const code = codeOf(file.facts.file);
    if (!code.words.has('eval') && !code.words.has('Function')) return [];
    return [
      ...code.calls.flatMap((node) => {
        const name = globalName(node.expression);
        if (name === 'eval') return [finding(file, node, 'eval()')];
        return name === 'Function' && node.arguments.length > 0 ? [finding(file, node, 'Function()')] : [];
      }),
      ...code.creations.flatMap((node) =>
        globalName(node.expression) === 'Function' && node.arguments && node.arguments.length > 0
          ? [finding(file, node, 'new Function()')]
          : [],
      ),
    ];
  },
};

/** `eval`, `globalThis.eval` and `(0, eval)`. */
function globalName(expression: ts.Expression): string | undefined {
  if (ts.isIdentifier(expression)) {
    const isOfInterest = expression.text === 'eval' || expression.text === 'Function';
    return isOfInterest && declarationOf(expression) === undefined ? expression.text : undefined;
  }
  if (ts.isPropertyAccessExpression(expression)) {
    const isOnGlobal =
      isGlobal(expression.expression, 'globalThis') || isGlobal(expression.expression, 'self');
    return isOnGlobal ? expression.name.text : undefined;
  }
  if (ts.isParenthesizedExpression(expression)) {
    const inner = expression.expression;
    return globalName(
      ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.CommaToken
        ? inner.right
        : inner,
    );
  }
  return undefined;
}

function finding(file: FileSubject, node: ts.CallExpression | ts.NewExpression, what: string): Finding {
  const isAtLoad = file.references.atLoad.includes(node) && !mayBeSkipped(node);
  return {
    rule: ID,
    code: ID,
    severity: 'error',
    message: `The runtime does not make code from strings: ${what} throws an EvalError whenever it runs.${isAtLoad ? ' It runs while the module loads, which fails, and the class goes into ERROR.' : ''}`,
    range: file.range(node.getStart(file.facts.file), node.expression.end),
    fixes: [],
  };
}
