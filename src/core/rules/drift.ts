import type { AppRule } from './subject.ts';

const ID = 'drift';

/**
 * What is deployed under the name of a file is not the file. Silent where the deployed source is not known; the
 * editor makes known only those that came from elsewhere, since whoever edits a file differs from what is deployed.
 */
export const drift: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      const { name } = file.input;
      const deployed = name === undefined ? undefined : app.deployedSources?.get(name);
      if (name === undefined || deployed === undefined || deployed === file.text) continue;
      const row = app.deployed.find((each) => each.name === name);
      if (row !== undefined && row.status !== 'READY') continue;
      yield [
        file,
        {
          rule: ID,
          code: ID,
          severity: 'information',
          message: `The deployed source of ${name}${row?.lastDeployedAt === undefined ? '' : `, of ${row.lastDeployedAt},`} differs from this file. A deploy puts this file in its place.`,
          range: file.classRange(),
          fixes: [],
        },
      ];
    }
  },
};
