import { meantClass } from './exportedClass.ts';
import type { Finding } from './finding.ts';
import type { AppRule } from './subject.ts';

const ID = 'duplicate-class-name';

/** One class name under two DO names. Found on each file; a class that is only deployed is named as well. */
export const duplicateClassName: AppRule = {
  id: ID,
  *check(app) {
    const files = app.files.filter((file) => file.input.name !== undefined);
    const names = new Set(files.map((file) => file.input.name));
    const remote = app.deployed.filter((row) => row.status !== 'ERROR' && !names.has(row.name));
    for (const file of files) {
      const className = meantClass(file)?.name.text;
      if (className === undefined) continue;
      const twin = files.find(
        (other) => meantClass(other)?.name.text === className && other.input.name !== file.input.name,
      );
      const deployed = remote.find((row) => row.className === className);
      const other = twin?.input.name ?? deployed?.name;
      if (other === undefined) continue;
      const finding: Finding = {
        rule: ID,
        code: ID,
        severity: 'error',
        message: `${other} is a class ${className} too. All classes of an app share one module, which fails to load with two of one name: the class goes into ERROR, and its storage is lost with the next deploy.`,
        range: file.classRange(),
        fixes: [],
        ...(twin && {
          related: [
            { uri: twin.input.uri, range: twin.classRange(), message: `The other class ${className}` },
          ],
        }),
      };
      yield [file, finding];
    }
  },
};
