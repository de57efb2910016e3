import { planEnvChange } from '../plan/plan.ts';
import type { AppRule } from './subject.ts';

const ID = 'class-in-error';

/** The class of this file is in ERROR: the next change of anything else in the app destroys it (hazard b). */
export const classInError: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      const row = app.deployed.find(({ name }) => name === file.input.name);
      if (row?.status !== 'ERROR') continue;
      const isInDanger = planEnvChange(app.deployed).fates.some(
        ({ kind, name }) => kind === 'destroyed' && name === row.name,
      );
      const danger = isInDanger
        ? `All that the instances of ${row.className} stored is lost with the next change of anything else in this app.`
        : row.lastDeployedAt === undefined
          ? 'It was never deployed with success, so it does not run.'
          : `All that the instances of ${row.className} stored is lost as soon as another class is deployed.`;
      yield [
        file,
        {
          rule: ID,
          code: ID,
          severity: row.lastDeployedAt === undefined ? 'warning' : 'error',
          message: `The last deploy of ${row.name} failed. ${danger} Deploy ${row.name} first.${row.errorMessage === undefined ? '' : ` The platform said: ${row.errorMessage}`}`,
          range: file.classRange(),
          fixes: [],
        },
      ];
    }
  },
};
