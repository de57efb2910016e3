import ts from 'typescript';
import { toDoName } from '../model/names.ts';
import { codeOf } from '../source/code.ts';
import { declarationOf } from '../source/declarations.ts';
import { ownerOf } from '../source/runtimeObjects.ts';
import type { Finding, Fix } from './finding.ts';
import type { AppRule, AppSubject, FileSubject } from './subject.ts';

const ID = 'unknown-invoke-target';

/** `invokeDO('name', …)` of a class that the app does not have. Silent while it is not known what the app has. */
export const unknownInvokeTarget: AppRule = {
  id: ID,
  *check(app) {
    if (app.envKeys === undefined) return;
    const names = new Map(classesOf(app));
    for (const file of app.files) {
      if (file.input.name === undefined) continue;
      for (const call of codeOf(file.facts.file).calls) {
        const [target] = call.arguments;
        if (!target || !ts.isStringLiteralLike(target) || names.has(target.text)) continue;
        if (isInvokeDo(call.expression)) yield [file, finding(file, target, names)];
      }
    }
  },
};

/** DO names with the class behind each. */
function classesOf(app: AppSubject): (readonly [name: string, className: string | undefined])[] {
  const local = app.files.flatMap(({ input, verdict }) =>
    input.name === undefined
      ? []
      : [[input.name, typeof verdict === 'string' ? verdict : undefined] as const],
  );
  return [...app.deployed.map(({ name, className }) => [name, className] as const), ...local];
}

/** `ctx.invokeDO` of whatever `ctx` is, and `invokeDO` taken out of it. */
function isInvokeDo(callee: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text === 'invokeDO';
  if (!ts.isIdentifier(callee)) return false;
  const parent = declarationOf(callee)?.parent;
  if (!parent || !ts.isBindingElement(parent)) return false;
  const name = parent.propertyName ?? parent.name;
  return ts.isIdentifier(name) && name.text === 'invokeDO' && ownerOf(parent) === 'context';
}

function finding(
  file: FileSubject,
  target: ts.StringLiteralLike,
  names: ReadonlyMap<string, string | undefined>,
): Finding {
  const fix = correction(file, target, names);
  return {
    rule: ID,
    code: ID,
    severity: 'warning',
    message: `This app has no Durable Object named ${JSON.stringify(target.text)}, so the call is answered with an error. Durable Objects are called by their name, such as chat-room.`,
    range: file.rangeOf(target),
    fixes: fix ? [fix] : [],
  };
}

/** People write the class name, or the name in another case. */
function correction(
  file: FileSubject,
  target: ts.StringLiteralLike,
  names: ReadonlyMap<string, string | undefined>,
): Fix | undefined {
  const meant =
    [...names].find(([, className]) => className === target.text)?.[0] ??
    [...names.keys()].find((name) => name === toDoName(target.text));
  if (meant === undefined) return undefined;
  const start = target.getStart(file.facts.file);
  return {
    title: `Call ${meant}`,
    edits: [file.edit(start + 1, target.end - 1, meant)],
    preferred: true,
  };
}
