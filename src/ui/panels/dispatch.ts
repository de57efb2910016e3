import type { Handlers } from '../../webview/protocol/messages.ts';

/**
 * Calls the handler for a message that came out of a webview. Returns false, and does nothing, for what is
 * no message of the protocol.
 */
export function dispatch<M extends { readonly type: string }>(
  handlers: Handlers<M>,
  message: unknown,
): boolean {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  const { type } = message;
  if (typeof type !== 'string' || !Object.hasOwn(handlers, type)) return false;
  const handler = handlers[type as M['type']] as (message: unknown) => void;
  handler(message);
  return true;
}
