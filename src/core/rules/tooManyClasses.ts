import type { ClassStatus } from '../model/app.ts';
import { MAX_CLASSES_PER_APP } from '../model/names.ts';
import type { AppRule } from './subject.ts';

const ID = 'too-many-classes';

/** Rows in these states are part of every deploy; a row in ERROR is not. */
const ACTIVE: ReadonlySet<ClassStatus> = new Set(['PENDING', 'BUILDING', 'READY']);

/** The files and what is deployed make more classes than an app may have. Found on the files that are not deployed. */
export const tooManyClasses: AppRule = {
  id: ID,
  *check(app) {
    const active = new Set(app.deployed.filter((row) => ACTIVE.has(row.status)).map((row) => row.name));
    const all = new Set([...active, ...app.files.flatMap((file) => file.input.name ?? [])]);
    if (all.size <= MAX_CLASSES_PER_APP) return;
    for (const file of app.files) {
      const { name } = file.input;
      if (name === undefined || active.has(name)) continue;
      yield [
        file,
        {
          rule: ID,
          code: 'TOO_MANY_CLASSES',
          severity: 'error',
          message: `An app has at most ${MAX_CLASSES_PER_APP} Durable Object classes; with these files it would have ${all.size}${active.size > 0 ? `, ${active.size} of them deployed` : ''}. The platform refuses the deploy that passes the limit.`,
          range: file.classRange(),
          fixes: [],
        },
      ];
    }
  },
};
