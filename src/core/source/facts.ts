import ts from 'typescript';
import { DoError, ERROR_CODES } from '../errors.ts';
import { parseSource } from './parse.ts';

/** An import declaration together with the specifier that the platform looks at. */
export interface SourceImport {
  readonly node: ts.ImportDeclaration;
  readonly specifier: ts.StringLiteral;
}

/** A top-level `export class` with a name; `abstract` and `declare` ones are among them. */
export type NamedClass = ts.ClassDeclaration & { readonly name: ts.Identifier };

/** A top-level `export default` of a class: as a declaration, or as an expression in parentheses or after a recovery. */
export type DefaultClass = ts.ClassDeclaration | ts.ExportAssignment;

/** What the platform's bundler looks at in one source file: its top-level statements, nothing deeper. */
export interface SourceFacts {
  readonly file: ts.SourceFile;
  readonly imports: readonly SourceImport[];
  readonly defaultClasses: readonly DefaultClass[];
  readonly exportedClasses: readonly NamedClass[];
}

/**
 * Parses a DO source as the platform does: as TypeScript (never TSX), ES2022, with TypeScript's own recovery
 * from syntax errors.
 * @param fileName one that ends in `.js` for a text that is JavaScript already
 * @throws DoError `BAD_FILE` for the few texts on which TypeScript itself fails, such as `@a await` or ten
 *   thousand open parentheses; the platform answers those with a bare 500
 */
export function readFacts(text: string, fileName = 'do.ts'): SourceFacts {
  const file = withoutCrash(() => parseSource(fileName, text));
  const imports: SourceImport[] = [];
  const defaultClasses: DefaultClass[] = [];
  const exportedClasses: NamedClass[] = [];
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      // After a syntax error the specifier can be any expression; the platform passes over those.
      if (ts.isStringLiteral(statement.moduleSpecifier)) {
        imports.push({ node: statement, specifier: statement.moduleSpecifier });
      }
    } else if (ts.isExportAssignment(statement)) {
      if (statement.isExportEquals !== true && ts.isClassExpression(statement.expression)) {
        defaultClasses.push(statement);
      }
    } else if (ts.isClassDeclaration(statement) && hasModifier(statement, ts.SyntaxKind.ExportKeyword)) {
      if (hasModifier(statement, ts.SyntaxKind.DefaultKeyword)) defaultClasses.push(statement);
      if (isNamedClass(statement)) exportedClasses.push(statement);
    }
  }
  return { file, imports, defaultClasses, exportedClasses };
}

/** Whether a declaration carries the modifier, such as `export` or `declare`. */
export function hasModifier(node: ts.Statement, kind: ts.ModifierSyntaxKind): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false)
  );
}

/** Runs TypeScript on a source of a person and says so when it fails on it. */
export function withoutCrash<T>(run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw new DoError({
      code: ERROR_CODES.badFile,
      message: 'TypeScript fails on this source, so the platform cannot take it.',
      nextStep: 'Mend the syntax errors, or undo the last edit.',
      cause,
    });
  }
}

function isNamedClass(node: ts.ClassDeclaration): node is NamedClass {
  return node.name !== undefined;
}
