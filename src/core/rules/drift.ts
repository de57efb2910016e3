import type { AppRule } from './subject.ts';

const ID = 'drift';

/** The file is not what is deployed under its name. Silent where the deployed source is not known. */
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
          message: `This file differs from what is deployed as ${name}${row?.lastDeployedAt === undefined ? '' : ` since ${row.lastDeployedAt}`}. A deploy puts this file in its place.`,
          range: file.classRange(),
          fixes: [],
        },
      ];
    }
  },
};
