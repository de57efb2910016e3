import { codeOf, memberNameNode, type MemberUse } from '../source/code.ts';
import { ownerOf } from '../source/runtimeObjects.ts';
import type { Finding } from './finding.ts';
import type { FileRule, FileSubject } from './subject.ts';

const ID = 'platform-env-read';

/** Keys by which the platform's helper does its calls, with the call to make instead. */
const KEYS: ReadonlyMap<string, string> = new Map([
  ['DO_INVOKER_URL', 'invokeDO(…)'],
  ['DO_INVOKER_TOKEN', 'invokeDO(…)'],
  ['BUTTERBASE_INTERNAL_FN_KEY', 'invoke(…)'],
]);

/** Reads a key of the environment that belongs to the platform's own calls. */
export const platformEnvRead: FileRule = {
  id: ID,
  check(file) {
    const { members } = codeOf(file.facts.file);
    return [...KEYS].flatMap(([key, call]) =>
      (members.get(key) ?? []).flatMap((use) => {
        const owner = ownerOf(use);
        if (owner !== undefined && owner !== 'env' && owner !== 'contextEnv') return [];
        return [finding(file, use, key, call, owner === 'contextEnv')];
      }),
    );
  },
};

function finding(file: FileSubject, use: MemberUse, key: string, call: string, isLeftOut: boolean): Finding {
  const problem = isLeftOut
    ? 'butterbase.ctx(…) leaves it out of its env, so this is always undefined.'
    : 'It is a secret of the platform, and its value and the protocol behind it can change with any deploy.';
  return {
    rule: ID,
    code: ID,
    severity: 'warning',
    message: `${key} is for the platform's own calls. ${problem} Use \`butterbase.ctx(request, this.env, this.ctx).${call}\`.`,
    range: file.rangeOf(memberNameNode(use)),
    fixes: [],
  };
}
