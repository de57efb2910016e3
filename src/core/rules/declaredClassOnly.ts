import ts from 'typescript';
import { hasModifier } from '../source/facts.ts';
import { meantClass } from './exportedClass.ts';
import type { FileRule } from './subject.ts';

const ID = 'declared-class-only';

/** `export declare class`: the platform counts it as the class, and the bundler erases it. */
export const declaredClassOnly: FileRule = {
  id: ID,
  check(file) {
    const node = meantClass(file);
    if (!node || !hasModifier(node, ts.SyntaxKind.DeclareKeyword)) return [];
    return [
      {
        rule: ID,
        code: ID,
        severity: 'error',
        message: `${node.name.text} is declared only, so nothing of it is left in the module. Its binding leads to no class, and the deploy fails or each request does.`,
        range: file.rangeOf(node.name),
        fixes: [],
      },
    ];
  },
};
