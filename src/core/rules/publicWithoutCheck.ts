import { codeOf } from '../source/code.ts';
import { ownerOf } from '../source/runtimeObjects.ts';
import { meantClass } from './exportedClass.ts';
import type { FileRule, FileSubject } from './subject.ts';
import { webSocketAcceptance } from './webSocketUse.ts';

const ID = 'public-without-check';

/** Words of code that looks at who is calling. */
const CREDENTIALS =
  /token|auth|secret|passw|signature|api.?key|session|jwt|hmac|cookie|bearer|allowlist|whitelist|allowedOrigin|turnstile|captcha/i;

/** Members by which a request or the platform tells who is calling. */
const CALLER: readonly string[] = ['headers', 'user', 'caller'];

/** Access mode `public`, something worth protecting, and no look at a token or a header. */
export const publicWithoutCheck: FileRule = {
  id: ID,
  check(file) {
    const node = meantClass(file);
    if (!node || file.input.accessMode !== 'public') return [];
    if (!hasSomethingToProtect(file) || looksAtCaller(file)) return [];
    return [
      {
        rule: ID,
        code: ID,
        severity: 'information',
        message: `${node.name.text} is public and looks at no token or header: anyone who knows its address can use every instance of it.`,
        range: file.rangeOf(node.name),
        fixes: [],
      },
    ];
  },
};

function hasSomethingToProtect(file: FileSubject): boolean {
  const { members } = codeOf(file.facts.file);
  const usesStorage = (members.get('storage') ?? []).some((use) => {
    const owner = ownerOf(use);
    return owner === undefined || owner === 'state';
  });
  return usesStorage || webSocketAcceptance(file) !== undefined;
}

function looksAtCaller(file: FileSubject): boolean {
  const { members, words } = codeOf(file.facts.file);
  if (CALLER.some((name) => members.has(name))) return true;
  for (const word of words) if (CREDENTIALS.test(word)) return true;
  return false;
}
