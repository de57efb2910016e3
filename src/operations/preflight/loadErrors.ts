/**
 * Whether an error came before the first line of the module ran: it did not parse, or names something that a module
 * of the runtime does not have. What is in the environment cannot matter then.
 */
export function isTooEarlyForEnv(message: string): boolean {
  if (/^Uncaught Error: No such module /.test(message)) return true;
  if (/^The module does not export a Durable Object class /.test(message)) return true;
  // Code that runs can throw a SyntaxError as well: then there is a stack, or JSON was read.
  const positions = message.match(/\bworker\.mjs:\d+/g)?.length ?? 0;
  return /^Uncaught SyntaxError: /.test(message) && positions <= 1 && !/\bJSON\b/.test(message);
}
