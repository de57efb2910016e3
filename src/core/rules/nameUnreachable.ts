import { MAX_PATH_NAME_LENGTH } from '../model/names.ts';
import type { AppRule } from './subject.ts';

const ID = 'name-unreachable';

/** A DO name that the platform takes and cannot find again. */
export const nameUnreachable: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      const problem = problemOf(file.input.name ?? '');
      if (problem === undefined) continue;
      yield [
        file,
        {
          rule: ID,
          code: ID,
          severity: 'warning',
          message: `${problem} Give the Durable Object another name.`,
          range: file.classRange(),
          fixes: [],
        },
      ];
    }
  },
};

function problemOf(name: string): string | undefined {
  if (name.length > MAX_PATH_NAME_LENGTH) {
    return `The platform takes a name of ${name.length} characters, but once deployed, one of more than ${MAX_PATH_NAME_LENGTH} can be neither read nor deleted.`;
  }
  return name === 'env'
    ? 'The platform answers a read of the Durable Object env with the list of environment keys, so its source and state cannot be read back.'
    : undefined;
}
