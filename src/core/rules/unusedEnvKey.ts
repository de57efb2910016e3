import { codeOf } from '../source/code.ts';
import { ownerOf } from '../source/runtimeObjects.ts';
import type { FileSubject } from './subject.ts';

/**
 * Rule `unused-env-key`: the keys that no class reads, in the order given. Empty when a class takes keys by a
 * name that only shows at run time. It is for the view of the environment; no file is to blame.
 * @param files the sources of all classes of the app; when one is missing, a key of it would count as unused
 */
export function unusedEnvKeys(files: readonly FileSubject[], envKeys: readonly string[]): string[] {
  const codes = files.map(({ facts }) => codeOf(facts.file));
  const isAnyRead = codes.some(({ dynamicMembers }) =>
    dynamicMembers.some((use) => {
      const owner = ownerOf(use);
      return owner === 'env' || owner === 'contextEnv';
    }),
  );
  return isAnyRead ? [] : envKeys.filter((key) => !codes.some(({ words }) => words.has(key)));
}
