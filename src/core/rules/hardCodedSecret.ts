import type { FileRule } from './subject.ts';

const ID = 'hard-coded-secret';

interface SecretKind {
  readonly what: string;
  readonly pattern: RegExp;
}

/** Shapes that hardly anything but a real key has. */
const KINDS: readonly SecretKind[] = [
  { what: 'a Butterbase key', pattern: /\bbb_sk_[0-9a-f]{40}\b/g },
  { what: 'a bearer token', pattern: /\bBearer [\w.~+/-]{24,}=*/g },
  {
    what: 'a private key',
    pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\s|\\[nr])*[A-Za-z0-9+/]{24,}/g,
  },
  { what: 'a Stripe key', pattern: /\b[rs]k_live_[0-9A-Za-z]{16,}\b/g },
  { what: 'a GitHub token', pattern: /\b(?:gh[oprsu]_[0-9A-Za-z]{36,}|github_pat_\w{50,})\b/g },
  { what: 'an AWS key', pattern: /\bAKIA[0-9A-Z]{16}\b/g },
  { what: 'an AI provider’s key', pattern: /\bsk-(?:ant-|proj-)[\w-]{24,}/g },
  { what: 'a Google key', pattern: /\bAIza[\w-]{35}\b/g },
  { what: 'a Slack token', pattern: /\bxox[abprs]-[0-9A-Za-z-]{20,}/g },
  { what: 'a signed token', pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/g },
];

/** A pattern that begins with none of these is not in the text: one quick look saves ten slow ones. */
const ANY = /bb_sk_|Bearer |PRIVATE KEY|k_live_|gh[oprsu]_|github_pat_|AKIA|sk-|AIza|xox|eyJ/;

/** Placeholders such as `xxxxxxxx` have few different characters. */
const LEAST_VARIETY = 8;

/** A key or token in the source, in a comment too: the platform gives the source to every collaborator. */
export const hardCodedSecret: FileRule = {
  id: ID,
  check(file) {
    const { text } = file;
    if (!ANY.test(text)) return [];
    const taken: (readonly [start: number, end: number])[] = [];
    return KINDS.flatMap(({ what, pattern }) =>
      [...text.matchAll(pattern)].flatMap((match) => {
        const end = match.index + match[0].length;
        const isTaken = taken.some(([from, to]) => match.index < to && end > from);
        if (isTaken || isPlaceholder(match[0])) return [];
        taken.push([match.index, end]);
        return [
          {
            rule: ID,
            code: ID,
            severity: 'warning' as const,
            message: `This looks like ${what}. The platform keeps the source as it is and gives it to every collaborator of the app. Put it into an environment variable, read it from \`this.env\`, and take this one out of use.`,
            range: file.range(match.index, end),
            fixes: [],
          },
        ];
      }),
    );
  },
};

function isPlaceholder(text: string): boolean {
  const value = text.replace(/^(?:Bearer |bb_sk_|[rs]k_live_|-----BEGIN [A-Z ]*-----)/, '');
  return new Set(value).size < LEAST_VARIETY || !/\d/.test(value);
}
