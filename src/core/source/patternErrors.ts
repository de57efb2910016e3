/** Groups that share a name, one in each alternative, are younger than the engines that this may run in. */
const SHARED_NAME = /\(\?<(\w+)>.*\(\?<\1>/s;
const KNOWS_SHARED_NAMES = compileError('(?<a>)|(?<a>)', '') === undefined;

/** What a group begins with that changes flags, which is younger, too. */
const FLAGS = /\(\?([ims]*)(-?)([ims]*):/y;

/** Why a regular expression does not compile, which it does with the module; undefined for what is fine. */
export function patternProblem(literal: string): string | undefined {
  const end = literal.lastIndexOf('/');
  const pattern = literal.slice(1, end);
  const flags = literal.slice(end + 1);
  if (!KNOWS_SHARED_NAMES && SHARED_NAME.test(pattern) && pattern.includes('|')) return undefined;
  const plain = withoutFlags(pattern, flags.includes('v'));
  if (plain === undefined) return `Invalid regular expression: ${literal}: Invalid flags of a group.`;
  return compileError(plain, flags);
}

function compileError(pattern: string, flags: string): string | undefined {
  try {
    new RegExp(pattern, flags);
    return undefined;
  } catch (error) {
    return error instanceof SyntaxError ? `${error.message}.` : undefined;
  }
}

/** The pattern with groups that leave all flags alone; undefined where one names a flag twice, or none after all. */
function withoutFlags(pattern: string, hasNestedClasses: boolean): string | undefined {
  let text = '';
  /** How many brackets are open: inside of them nothing is a group. */
  let depth = 0;
  for (let at = 0; at < pattern.length;) {
    FLAGS.lastIndex = at;
    const group = depth === 0 ? FLAGS.exec(pattern) : null;
    if (group) {
      const [all, added = '', minus = '', removed = ''] = group;
      const letters = added + removed;
      if (new Set(letters).size < letters.length || (minus !== '' && letters === '')) return undefined;
      text += '(?:';
      at += all.length;
      continue;
    }
    const character = pattern.charAt(at);
    const length = character === '\\' ? 2 : 1;
    if (character === '[' && (depth === 0 || hasNestedClasses)) depth += 1;
    if (character === ']' && depth > 0) depth -= 1;
    text += pattern.slice(at, at + length);
    at += length;
  }
  return text;
}
