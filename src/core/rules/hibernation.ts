import ts from 'typescript';
import { codeOf } from '../source/code.ts';
import { isGlobal, ownerOf } from '../source/runtimeObjects.ts';
import type { Finding } from './finding.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'hibernation';

/** Milliseconds from which a timer is no short pause any more: instances leave memory after about ten seconds. */
const LONG_TIMER = 10_000;

/** What keeps an instance in memory: sockets without hibernation, and timers. */
export const hibernation: FileRule = {
  id: ID,
  check(file) {
    const { calls } = codeOf(file.facts.file);
    const accepted = calls.filter((call) => isOfSocket(call, 'accept') && call.arguments.length === 0);
    const heard = accepted.length > 0 ? [] : calls.filter((call) => isOfSocket(call, 'addEventListener'));
    return [
      ...accepted.map((call) =>
        finding(
          file,
          call.expression,
          'A socket that is accepted this way keeps its instance in memory for as long as it is open. Use `acceptWebSocket(socket)` of the state with the methods webSocketMessage and webSocketClose.',
        ),
      ),
      ...heard
        .slice(0, 1)
        .map((call) =>
          finding(
            file,
            call.expression,
            'Listeners of a socket are gone when its instance leaves memory, and with `acceptWebSocket` they are never called. Use the methods webSocketMessage and webSocketClose.',
          ),
        ),
      ...calls
        .filter(isLongTimer)
        .map((call) =>
          finding(
            file,
            call.expression,
            'A timer keeps its instance in memory, and is lost when the instance restarts. Use an alarm: `storage.setAlarm(time)` with the method alarm().',
          ),
        ),
    ];
  },
};

function isOfSocket({ expression }: ts.CallExpression, method: string): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    expression.name.text === method &&
    ownerOf(expression) === 'socket'
  );
}

/** `setInterval`, and `setTimeout` with a long time that the text tells. */
function isLongTimer({ expression, arguments: given }: ts.CallExpression): boolean {
  if (isGlobal(expression, 'setInterval')) return true;
  const [, delay] = given;
  return isGlobal(expression, 'setTimeout') && delay !== undefined && (numberOf(delay) ?? 0) >= LONG_TIMER;
}

function numberOf(node: ts.Expression): number | undefined {
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.AsteriskToken)
    return undefined;
  const left = numberOf(node.left);
  const right = numberOf(node.right);
  return left === undefined || right === undefined ? undefined : left * right;
}

function finding(file: FileSubject, node: ts.Node, message: string): Finding {
  return { rule: ID, code: ID, severity: 'information', message, range: file.rangeOf(node), fixes: [] };
}
