import type { DoClass } from '../model/app.ts';
import { planDeploy } from '../plan/plan.ts';
import { knownKeys } from './envKeys.ts';
import { exportedClass } from './exportedClass.ts';
import type { Finding, Fix } from './finding.ts';
import { renameEdits } from './rename.ts';
import type { AppRule, AppSubject, FileSubject } from './subject.ts';

const ID = 'class-renamed';

/** The class has another name than the one that is deployed under the same DO name (hazard a). */
export const classRenamed: AppRule = {
  id: ID,
  *check(app) {
    for (const file of app.files) {
      const className = exportedClass(file)?.name.text;
      const { name } = file.input;
      if (name === undefined || className === undefined) continue;
      const { fates } = planDeploy(app.deployed, { name, className, sameAsDeployed: false }, knownKeys(app));
      const lost = fates.find((fate) => fate.kind === 'destroyed' && fate.name === name);
      const row = app.deployed.find((each) => each.name === name);
      if (lost && row) yield [file, finding(app, file, row, lost.reason)];
    }
  },
};

function finding(app: AppSubject, file: FileSubject, row: DoClass, reason: string): Finding {
  const fix = renameBack(app, file, row.className);
  return {
    rule: ID,
    code: ID,
    severity: 'error',
    message: `${reason} Keep the name ${row.className}, or deploy this class under another Durable Object name.`,
    range: file.classRange(),
    fixes: fix ? [fix] : [],
  };
}

function renameBack(app: AppSubject, file: FileSubject, className: string): Fix | undefined {
  const name = exportedClass(file)?.name;
  const edits = name && renameEdits(app, file, name, className);
  return edits && { title: `Name the class ${className} again`, edits, preferred: false };
}
