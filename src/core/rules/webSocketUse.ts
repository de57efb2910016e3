import ts from 'typescript';
import { codeOf } from '../source/code.ts';
import { isGlobal, ownerOf } from '../source/runtimeObjects.ts';
import type { FileSubject } from './subject.ts';

/** Where a source takes a WebSocket of a client: the call, or the pair that is made for it. */
export function webSocketAcceptance(file: FileSubject): ts.Node | undefined {
  const { calls, creations } = codeOf(file.facts.file);
  const call = calls.find(
    ({ expression }) =>
      ts.isPropertyAccessExpression(expression) &&
      expression.name.text === 'acceptWebSocket' &&
      [undefined, 'state'].includes(ownerOf(expression)),
  );
  return call?.expression ?? creations.find(({ expression }) => isGlobal(expression, 'WebSocketPair'));
}
