import { planDeploy } from '../plan/plan.ts';
import { knownKeys } from './envKeys.ts';
import { exportedClass } from './exportedClass.ts';
import type { AppRule } from './subject.ts';

const ID = 'would-destroy';

/** Deploying this file takes the storage of another class along, which nobody asked to delete. */
export const wouldDestroy: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      const className = exportedClass(file)?.name.text;
      const { name } = file.input;
      if (name === undefined || className === undefined) continue;
      const { fates } = planDeploy(app.deployed, { name, className, sameAsDeployed: false }, knownKeys(app));
      for (const fate of fates) {
        // Its own class under another name is the rule class-renamed.
        if (fate.kind !== 'destroyed' || fate.name === name) continue;
        const other = app.files.find(
          ({ input }) => input.name === fate.name && input.isDeployedOnly !== true,
        );
        yield [
          file,
          {
            rule: ID,
            code: ID,
            severity: 'error',
            message: `A deploy of ${name} destroys ${fate.className}. ${fate.reason}`,
            range: file.classRange(),
            fixes: [],
            related: other
              ? [{ uri: other.input.uri, range: other.classRange(), message: `Deploy ${fate.name} first` }]
              : [],
          },
        ];
      }
    }
  },
};
