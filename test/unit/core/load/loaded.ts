import { simulate, type Load, type Source } from '../../../../src/core/load/simulate.ts';
import { isPrimitive, isThing, type Thing, type Value } from '../../../../src/core/load/values.ts';
import { isRuntimeGlobal } from '../../../../src/core/rules/runtimeGlobals.ts';
import { readFacts } from '../../../../src/core/source/facts.ts';
import { topLevelNames } from '../../../../src/core/source/topLevelNames.ts';

/** What happens while a source loads that is a module of its own. */
export function loaded(text: string): Load {
  const { file } = readFacts(text);
  const source: Source = { file, topLevel: topLevelNames(file), imports: [] };
  return simulate([source], {
    isGlobal: isRuntimeGlobal,
    isBinding: () => false,
    env: () => ({ kind: 'unknown' }),
    hasModule: () => false,
  });
}

/** What goes wrong for sure, as the text of the place and what is said about it. */
export function failuresIn(text: string): string[] {
  return [...loaded(text).failures.values()]
    .filter(({ isCertain }) => isCertain)
    .map(({ failure }) => `${failure.node.getText()}: ${failure.message}`);
}

/** Of a value of which nothing but its type is known, or not even that. */
export const NOT_KNOWN = Symbol('not known');

/** What an expression gives, as far as it is known. */
export function valueOf(expression: string, before = ''): unknown {
  const load = loaded(`${before}\nconst result = ${expression};`);
  const [failure] = load.failures.values();
  return failure ? new Error(failure.failure.message) : plain(load.valueOf('result'));
}

function plain(value: Value): unknown {
  if (isPrimitive(value)) {
    if (value.type === 'undefined') return undefined;
    if (value.type === 'null') return null;
    return value.value ?? NOT_KNOWN;
  }
  return isThing(value) ? thing(value) : NOT_KNOWN;
}

function thing(value: Thing): unknown {
  if (value.isFunction) return 'function';
  if (value.elements) return value.elements.map((element) => (element ? plain(element) : undefined));
  if (value.entries)
    return [...value.entries.values()].map((entry) => [plain(entry.key), plain(entry.value)]);
  if (value.isOpen || value.brand !== undefined) return NOT_KNOWN;
  const shown = [...value.properties].filter(
    ([key, { isHidden }]) => typeof key === 'string' && isHidden !== true,
  );
  return Object.fromEntries(shown.map(([key, property]) => [key, plain(property.value)]));
}
