import { BundleError } from '../bundle/bundleError.ts';
import { buildModule, type ModuleClass } from '../bundle/buildModule.ts';
import { TranspileCache } from '../bundle/transpile.ts';
import { isDoName, MAX_BUNDLE_BYTES, MAX_CLASSES_PER_APP, MAX_REGISTER_BODY_BYTES } from '../model/names.ts';
import { printedSize } from './printedSize.ts';
import type { AppRule, FileSubject } from './subject.ts';

const ID = 'bundle-too-large';

/** Bytes that the module may have besides the sources. */
const ROOM = 100_000;

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
 * A generous guess of what a source becomes, so that more is spared at each keystroke where it cannot matter: the
 * printer puts each statement on a line of its own, takes over the lines of the source, and indents by four for each
 * level.
 */
function mostBytes(text: string): number {
  let depth = 0;
  let deepest = 0;
  let indent = 0;
  for (const [piece] of text.matchAll(LINE_OR_LEVEL)) {
    if ('{(['.includes(piece)) depth += 1;
    else if ('})]'.includes(piece)) depth -= 1;
    deepest = Math.max(deepest, depth);
    if (!'()[]'.includes(piece)) indent += 4 * (deepest + 1);
  }
  if (text.includes('enum')) indent += text.split(',').length * 4 * (deepest + 1);
  return 4 * text.length + indent;
}

/** What opens or closes a level, or what a line ends with; the words stand before statements without a sign. */
const LINE_OR_LEVEL = /[{}()[\];\n@]|\b(?:if|else|for|while|do|case|default)\b/g;

function isTooLarge(files: readonly FileSubject[]): boolean {
  const sizes = files.map(({ facts }) => printedSize(facts.file));
  const sum = (part: 'least' | 'most'): number => sizes.reduce((all, size) => all + size[part], 0);
  if (sum('least') > MAX_BUNDLE_BYTES) return true;
  // What no person waits for is left to the platform.
  if (ROOM + sum('most') <= MAX_BUNDLE_BYTES || !sizes.every(({ isQuick }) => isQuick)) return false;
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
