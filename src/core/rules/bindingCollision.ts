import { bindingOf } from '../model/names.ts';
import type { Finding } from './finding.ts';
import { PLATFORM_KEYS } from './platformKeys.ts';
import type { AppRule, FileSubject } from './subject.ts';

const ID = 'binding-collision';

/**
 * The namespace binding of a class (its DO name in upper case, `-` as `_`) has the name of another class's
 * binding or of an environment key.
 */
export const bindingCollision: AppRule = {
  id: ID,
  *check(app) {
    const envKeys = new Set(app.envKeys ?? []);
    const appEnvKeys = new Set(app.appEnvKeys ?? []);
    const names = new Set([
      ...app.deployed.map((row) => row.name),
      ...app.files.flatMap((file) => file.input.name ?? []),
    ]);
    for (const file of app.files) {
      const { name } = file.input;
      if (name === undefined) continue;
      const binding = bindingOf(name);
      const twin = [...names].find((other) => other !== name && bindingOf(other) === binding);
      if (envKeys.has(binding)) {
        yield [
          file,
          finding(
            file,
            `the environment key ${binding} of this app has that name too. The platform refuses the deploy, and from then on each one that includes the class. Rename one of the two.`,
            binding,
          ),
        ];
      } else if (appEnvKeys.has(binding)) {
        yield [
          file,
          finding(
            file,
            `the variable ${binding} of the whole app has that name too. The platform refuses the deploy, and from then on each one that includes the class. Rename one of the two.`,
            binding,
          ),
        ];
      } else if (PLATFORM_KEYS.has(binding)) {
        yield [
          file,
          finding(
            file,
            'the platform puts a value of that name into the environment of every class, so it refuses the deploy. Give the Durable Object another name.',
            binding,
          ),
        ];
      } else if (twin !== undefined) {
        yield [
          file,
          finding(
            file,
            `${twin} has the same one. One of the two could not be reached. Give the Durable Object another name.`,
            binding,
            app.files.find(({ input }) => input.name === twin),
          ),
        ];
      }
    }
  },
};

function finding(file: FileSubject, problem: string, binding: string, twin?: FileSubject): Finding {
  return {
    rule: ID,
    code: 'ENV_BINDING_COLLISION',
    severity: 'error',
    message: `Classes reach this one by the binding ${binding}, and ${problem}`,
    range: file.classRange(),
    fixes: [],
    ...(twin && {
      related: [{ uri: twin.input.uri, range: twin.classRange(), message: `The other class of ${binding}` }],
    }),
  };
}
