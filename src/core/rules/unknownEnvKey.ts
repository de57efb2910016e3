import ts from 'typescript';
import { bindingOf, envKeyProblem } from '../model/names.ts';
import { codeOf, memberNameNode, type MemberUse } from '../source/code.ts';
import { ownerOf } from '../source/runtimeObjects.ts';
import type { Finding } from './finding.ts';
import { areKeysKnown, knownKeys } from './envKeys.ts';
import { PLATFORM_KEYS } from './platformKeys.ts';
import type { AppRule, FileSubject } from './subject.ts';

const ID = 'unknown-env-key';

/**
 * Reads `env.KEY` that nobody has set, for the Durable Objects or for the whole app, and that the platform does not
 * give. Silent while the keys are not known.
 */
export const unknownEnvKey: AppRule = {
  id: ID,
  *check(app) {
    if (!areKeysKnown(app)) return;
    const names = [
      ...app.deployed.map(({ name }) => name),
      ...app.files.flatMap(({ input }) => input.name ?? []),
    ];
    const known = new Set([...knownKeys(app), ...PLATFORM_KEYS, ...names.map(bindingOf)]);
    for (const file of app.files) {
      if (file.input.name === undefined) continue;
      for (const [key, uses] of codeOf(file.facts.file).members) {
        if (known.has(key) || envKeyProblem(key) === 'shape') continue;
        for (const use of uses) {
          const owner = ownerOf(use);
          if ((owner === 'env' || owner === 'contextEnv') && !hasDefault(use) && !isWritten(use)) {
            yield [file, finding(file, use, key)];
          }
        }
      }
    }
  },
};

/** `env.KEY ?? 'default'`: it may be missing. */
function hasDefault(use: MemberUse): boolean {
  if (ts.isBindingElement(use)) return use.initializer !== undefined;
  const { parent } = use;
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === use &&
    (parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken ||
      parent.operatorToken.kind === ts.SyntaxKind.BarBarToken)
  );
}

function isWritten({ parent }: MemberUse): boolean {
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

function finding(file: FileSubject, use: MemberUse, key: string): Finding {
  return {
    rule: ID,
    code: ID,
    severity: 'warning',
    message: `${key} is set neither for the Durable Objects of this app nor for the whole app, so this is undefined. Set the environment key ${key}.`,
    range: file.rangeOf(memberNameNode(use)),
    fixes: [],
  };
}
