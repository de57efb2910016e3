/** Longer texts are not computed. */
const LONGEST = 10_000;

/** More bytes are not kept. */
const MOST_BYTES = 65_536;

/** The longest text that V8 makes. */
const LONGEST_OF_V8 = 2 ** 29 - 24;

/** The length that V8 refuses for sure: computing it throws at once. */
function isRefused(length: number): boolean {
  return length > LONGEST_OF_V8;
}

/** Whether a call would take long or make something large. What V8 refuses at once is not too much. */
export function isTooMuch(path: string, self: unknown, args: readonly unknown[]): boolean {
  const name = path.replace(/^String\.prototype\./, '');
  if (args.some((each) => typeof each === 'string' && each.length > LONGEST)) return true;
  if (name !== path) return typeof self === 'string' && isTooLong(name, self, args);
  if (path === 'RegExp') return !isPlainPattern(args);
  if (/Array$|^ArrayBuffer$/.test(path)) return isTooLarge(args);
  if (/^BigInt\.as/.test(path)) return Number(args[0]) > LONGEST;
  if (path === 'Date') return !isAbsolute(args);
  return path.startsWith('DataView') ? args.some((each) => typeof each === 'object' && each === null) : false;
}

function isTooLong(name: string, self: string, args: readonly unknown[]): boolean {
  const [first, second] = args;
  // Regular expressions can take forever.
  if (args.some((each) => each instanceof RegExp)) return true;
  switch (name) {
    case 'repeat':
      return isBetween(self.length * toNumber(first));
    case 'padStart':
    case 'padEnd':
      return isBetween(toNumber(first));
    case 'replaceAll':
    case 'replace':
      return typeof second !== 'string' || (self.length + 1) * second.length > LONGEST * 10;
    default:
      return false;
  }
}

function isBetween(length: number): boolean {
  return length > LONGEST && !isRefused(length);
}

function toNumber(value: unknown): number {
  return typeof value === 'symbol' || typeof value === 'object' ? 0 : Number(value);
}

/** What engines of different years agree about. */
function isPlainPattern([pattern, flags = '']: readonly unknown[]): boolean {
  if (pattern instanceof RegExp) return typeof flags === 'string';
  if (typeof pattern !== 'string') return typeof pattern !== 'object';
  return pattern.length <= 1_000 && !/\(\?(?![:=!<])/.test(pattern) && !hasSameNameTwice(pattern);
}

/** Whether two ways may have the same name is a matter of how new the engine is. */
function hasSameNameTwice(pattern: string): boolean {
  if (!pattern.includes('|')) return false;
  const names = [...pattern.matchAll(/\(\?<([^=!>][^>]*)>/g)].map(([, name]) => name);
  return new Set(names).size < names.length;
}

function isTooLarge(args: readonly unknown[]): boolean {
  const [first] = args;
  const isHuge = typeof first === 'number' && first > MOST_BYTES;
  return isHuge && first < 2 ** 53;
}

/** A date that means the same everywhere. */
function isAbsolute(args: readonly unknown[]): boolean {
  const [first] = args;
  if (args.length !== 1) return false;
  if (typeof first !== 'string' || /^\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?$/.test(first)) return true;
  return Number.isNaN(Date.parse(first));
}
