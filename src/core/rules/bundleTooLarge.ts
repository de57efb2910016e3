import { BundleError } from '../bundle/bundleError.ts';
import { buildModule, type ModuleClass } from '../bundle/buildModule.ts';
import { TranspileCache } from '../bundle/transpile.ts';
import { isDoName, MAX_BUNDLE_BYTES, MAX_CLASSES_PER_APP, MAX_REGISTER_BODY_BYTES } from '../model/names.ts';
import type { AppRule, FileSubject } from './subject.ts';

const ID = 'bundle-too-large';

const cache = new TranspileCache(MAX_CLASSES_PER_APP);

/** The generated module of the app's sources passes 10 MiB. Found on the largest file. */
export const bundleTooLarge: AppRule = {
  id: ID,
  *check(app) {
    const files = app.files.filter(
      (file) =>
        file.refusal === undefined &&
        isDoName(file.input.name ?? '') &&
        file.text.length <= MAX_REGISTER_BODY_BYTES,
    );
    const estimate = files.reduce((sum, file) => sum + mostBytes(file.text), 0);
    const [largest] = files
      .filter(({ input }) => input.isDeployedOnly !== true)
      .sort((a, b) => b.text.length - a.text.length);
    if (largest === undefined || estimate <= MAX_BUNDLE_BYTES || !isTooLarge(files)) return;
    yield [
      largest,
      {
        rule: ID,
        code: 'BUNDLE_TOO_LARGE',
        severity: 'error',
        message: `The platform refuses the deploy: all classes of the app together make a module of more than ${MAX_BUNDLE_BYTES.toLocaleString('en')} bytes. This file is the largest.`,
        range: largest.classRange(),
        fixes: [],
      },
    ];
  },
};

/**
 * A generous guess of what a source becomes, so that a transpile at each keystroke is spared where it cannot
 * matter: the printer puts each statement on a line of its own and indents it by four for each level.
 */
function mostBytes(text: string): number {
  let depth = 0;
  let deepest = 0;
  let indent = 0;
  for (const [character] of text.matchAll(/[{}()[\],;\n]/g)) {
    if ('{(['.includes(character)) depth += 1;
    else if ('})]'.includes(character)) depth -= 1;
    deepest = Math.max(deepest, depth);
    indent += 4 * (deepest + 1);
  }
  return 4 * text.length + indent;
}

function isTooLarge(files: readonly FileSubject[]): boolean {
  const classes = files.map(({ input }): ModuleClass => ({
    name: input.name ?? '',
    code: input.text,
    accessMode: input.accessMode ?? 'authenticated',
  }));
  try {
    buildModule(classes, { cache });
    return false;
  } catch (error) {
    // What else is wrong with the module has a rule of its own.
    return error instanceof BundleError && error.code === 'BUNDLE_TOO_LARGE';
  }
}
