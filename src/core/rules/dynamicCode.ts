import ts from 'typescript';
import { declarationOf } from '../source/declarations.ts';
import { codeOf } from '../source/code.ts';
import { isGlobal } from '../source/runtimeObjects.ts';
import type { Finding } from './finding.ts';
import { loadOf } from './loading.ts';
import type { AppRule, AppSubject, FileSubject } from './subject.ts';

const ID = 'dynamic-code';

/** Code from a string: the runtime throws an EvalError, always. */
export const dynamicCode: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      for (const [node, what] of usesIn(file)) yield [file, finding(app, file, node, what)];
    }
  },
};

type Use = readonly [node: ts.CallExpression | ts.NewExpression, what: string];

function usesIn(file: FileSubject): Use[] {
  const code = codeOf(file.facts.file);
  if (!code.words.has('eval') && !code.words.has('Function')) return [];
  return [
    ...code.calls.flatMap((node): Use[] => {
      const name = globalName(node.expression);
      if (name === 'eval') return [[node, 'eval()']];
      return name === 'Function' && node.arguments.length > 0 ? [[node, 'Function()']] : [];
    }),
    ...code.creations.flatMap((node): Use[] =>
      globalName(node.expression) === 'Function' && node.arguments && node.arguments.length > 0
        ? [[node, 'new Function()']]
        : [],
    ),
  ];
}

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

function finding(app: AppSubject, file: FileSubject, node: Use[0], what: string): Finding {
  const isAtLoad = loadOf(app, file).failureAt(node)?.isCertain === true;
  return {
    rule: ID,
    code: ID,
    severity: 'error',
    atLoad: isAtLoad,
    message: `The runtime does not make code from strings: ${what} throws an EvalError whenever it runs.${isAtLoad ? ' It runs while the module loads, which fails, and the class goes into ERROR.' : ''}`,
    range: file.range(node.getStart(file.facts.file), node.expression.end),
    fixes: [],
  };
}
