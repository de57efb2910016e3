import { isDoName } from '../model/names.ts';
import type { AppRule } from './subject.ts';

const ID = 'invalid-name';

/** The DO name, which comes from the file's name or the manifest, is none that the platform takes. */
export const invalidName: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      const { name } = file.input;
      if (name === undefined || isDoName(name)) continue;
      yield [
        file,
        {
          rule: ID,
          code: 'INVALID_NAME',
          severity: 'error',
          message: `The platform refuses the name '${name}': a Durable Object's name is in lower-case letters and digits, begins with a letter, and has single hyphens between words, such as chat-room. Rename the file or its entry in the manifest.`,
          range: file.classRange(),
          fixes: [],
        },
      ];
    }
  },
};
