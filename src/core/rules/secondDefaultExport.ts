import ts from 'typescript';
import { declarationOf } from '../source/declarations.ts';
import { isErased } from '../source/declaredNames.ts';
import { hasModifier } from '../source/facts.ts';
import { isErasedDefault } from '../source/typeNames.ts';
import { unwrapped } from '../source/runtimeObjects.ts';
import { exportRemoval } from './exportLists.ts';
import type { Finding, Fix } from './finding.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'second-default-export';

/** Any default export: the generated module has one of its own, its dispatcher. */
export const secondDefaultExport: FileRule = {
  id: ID,
  check(file) {
    return file.facts.file.statements.flatMap((statement) => {
      if (isErased(statement)) return [];
      if (ts.isExportAssignment(statement)) {
        const { expression, isExportEquals } = statement;
        if (isExportEquals === true || ts.isClassExpression(expression)) return [];
        if (isErasedDefault(statement)) return [];
        return [finding(file, statement, withoutDefault(file, statement))];
      }
      if (ts.isExportDeclaration(statement)) return exportList(file, statement);
      if (!hasModifier(statement, ts.SyntaxKind.DefaultKeyword) || ts.isClassDeclaration(statement))
        return [];
      return [finding(file, statement, withoutExport(file, statement))];
    });
  },
};

function exportList(file: FileSubject, node: ts.ExportDeclaration): Finding[] {
  const list = node.exportClause;
  if (list === undefined || !ts.isNamedExports(list)) return [];
  return list.elements
    .filter((element) => element.name.text === 'default' && !element.isTypeOnly)
    .map((element) =>
      finding(file, element, {
        title: 'Remove the default export',
        edits: [exportRemoval(file, element)],
        preferred: false,
      }),
    );
}

/** What the expression does when it runs stays; one that does nothing goes as a whole. */
function withoutDefault(file: FileSubject, statement: ts.ExportAssignment): Fix {
  const { expression } = statement;
  if (isInert(expression, statement)) {
    return { title: 'Remove the default export', edits: [file.removal(statement)], preferred: false };
  }
  const source = file.facts.file;
  const start = expression.getStart(source);
  // So that it neither begins a block or a declaration nor goes on with the line before.
  const isPlain = /^(?!(?:async|class|function|let)\b)[\w$'"!]/.test(file.text.slice(start));
  const edit = file.edit(statement.getStart(source), start, isPlain ? '' : 'void ');
  return { title: 'Do not export it', edits: [edit], preferred: false };
}

/** Whether evaluating it does nothing that could be missed. */
function isInert(expression: ts.Expression, statement: ts.Statement): boolean {
  const node = unwrapped(expression);
  if (ts.isIdentifier(node)) {
    const declaration = declarationOf(node);
    if (declaration === undefined) return false;
    return ts.isFunctionDeclaration(declaration.parent) || declaration.end <= statement.pos;
  }
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.every((property) =>
      ts.isPropertyAssignment(property)
        ? !ts.isComputedPropertyName(property.name) && isInert(property.initializer, statement)
        : ts.isMethodDeclaration(property) && !ts.isComputedPropertyName(property.name),
    );
  }
  return ts.isLiteralExpression(node) || ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

/** `export default function name() {}` stays as a plain function. */
function withoutExport(file: FileSubject, node: ts.Statement): Fix | undefined {
  if (!ts.isFunctionDeclaration(node) || node.name === undefined) return undefined;
  const source = file.facts.file;
  const words = ts
    .getModifiers(node)
    ?.filter(({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword);
  const start = words?.[0]?.getStart(source);
  const end = words?.at(-1)?.end;
  if (start === undefined || end === undefined) return undefined;
  const blank = /^\s*/.exec(file.text.slice(end))?.[0].length ?? 0;
  return {
    title: `Do not export ${node.name.text}`,
    edits: [file.edit(start, end + blank, '')],
    preferred: true,
  };
}

function finding(file: FileSubject, node: ts.Node, fix: Fix | undefined): Finding {
  const { start } = file.rangeOf(node);
  const text = node.getText(file.facts.file);
  const marked = /^export\s+default\b/.exec(text)?.[0].length ?? text.length;
  const begin = node.getStart(file.facts.file);
  return {
    rule: ID,
    code: ID,
    severity: 'error',
    message:
      'The generated module has a default export of its own, the dispatcher. With a second one it fails to load and the class goes into ERROR.',
    range: { start, end: file.range(begin, begin + marked).end },
    fixes: fix ? [fix] : [],
  };
}
