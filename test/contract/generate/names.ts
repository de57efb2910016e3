import { oneOf, rarely, text } from './text.ts';

/** Names that no other source is likely to have. */
export const ownName = text`${oneOf('alpha', 'beta', 'gamma', 'delta', 'limit', 'helper', 'MAX', 'state')}${oneOf('1', '2', '3', '4', '5', '6', '7', '8', '9', 'X', 'Y', 'Z', 'Ž', '$', '_', '\\u0041', '\\u{42}')}${oneOf('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l')}`;

/** Names that two sources often both have. */
const shared = oneOf('MAX', 'helper', 'Base', 'cache', 'type', 'of');

/** Names that mean something to the generated module, to the runtime or to the language. */
const special = oneOf(
  'ROUTES',
  'checkAuth',
  'butterbase',
  'fetch',
  'Response',
  'URL',
  'env',
  'RpcTarget',
  'connect',
  'setTimeout',
  'require',
  'async',
  'get',
  'static',
  'let',
  'await',
  'yield',
  'eval',
  'arguments',
  'undefined',
  'enum',
  'default',
);

/** The name of something at the top level. */
export const topLevelName = rarely(rarely(ownName, shared, 12), special, 30);

/** A name that is used, and may be declared anywhere or nowhere. */
export const usedName = oneOf(ownName, shared, special);

/** A name in a scope of its own. */
export const localName = rarely(oneOf('a', 'b', 'x', 'item', 'error'), special, 10);

/** The name of the exported class. */
export const className = rarely(
  text`${oneOf('Room', 'Lobby', 'Counter', 'Timer', 'Chat', 'Queue')}${oneOf('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N')}${oneOf('0', '1', '2', '3', '4', '5')}`,
  oneOf('Base', 'Response', 'URL', 'Map', 'DurableObject', 'ROUTES', '\\u0052oom', 'Žluť'),
  12,
);

/** What a class may extend, declared somewhere or nowhere. */
export const baseName = oneOf('Parent', 'DurableObject', 'RpcTarget', 'Map', 'Error', ownName);
