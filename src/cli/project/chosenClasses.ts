import { basename, resolve } from 'node:path';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import { toDoName } from '../../core/model/names.ts';
import { usageError } from '../usageError.ts';
import { localClasses, shownPath, type LocalClass, type Project } from './project.ts';
import { readText } from './readText.ts';

/** The classes that a command was given. */
export interface ChosenClasses {
  /** DO names, each once. */
  readonly names: readonly string[];
  /** The classes of the manifest. */
  readonly known: readonly LocalClass[];
  /** Files that are not in the manifest; nobody said yet who may call them. */
  readonly loose: readonly Omit<LocalClass, 'accessMode'>[];
}

/**
 * What the arguments of a command mean: DO names of the manifest, or paths of files. A file that the manifest does not
 * know becomes a class whose name comes from the file's.
 * @throws DoError `BAD_CONFIG` when a manifest is needed and there is none, `BAD_FILE` or `USAGE`
 */
export async function chosenClasses(
  project: Project,
  cwd: string,
  wanted: readonly string[],
): Promise<ChosenClasses> {
  const needsManifest = wanted.length === 0 || !wanted.every(isPath);
  const known = needsManifest || project.manifest !== undefined ? await localClasses(project, cwd) : [];
  const loose: Omit<LocalClass, 'accessMode'>[] = [];
  const names: string[] = [];
  for (const text of wanted) {
    const file = resolve(cwd, text);
    const own = known.find((each) => each.file === file);
    if (own !== undefined || !isPath(text)) {
      names.push(own?.name ?? text);
      continue;
    }
    const found = await looseFile(text, cwd);
    const other = [...known, ...loose].find(({ name }) => name === found.name);
    if (other !== undefined && other.file !== file) {
      throw usageError(`${text} would be the class ${found.name}, which is ${other.shown} already.`);
    }
    if (other === undefined) loose.push(found);
    names.push(found.name);
  }
  return { names: [...new Set(names)], known, loose };
}

function isPath(text: string): boolean {
  return /[\\/]|\.ts$/.test(text);
}

async function looseFile(path: string, cwd: string): Promise<Omit<LocalClass, 'accessMode'>> {
  const file = resolve(cwd, path);
  const name = toDoName(basename(file));
  const read = await readText(file);
  const problem = !read.ok
    ? read.problem
    : name === ''
      ? 'no name for a class can be made of its name.'
      : undefined;
  if (problem === undefined) return { name, file, shown: shownPath(file, cwd), read };
  throw new DoError({
    code: ERROR_CODES.badFile,
    message: `${path}: ${problem}`,
    nextStep: 'Name a class of the manifest, or a TypeScript file.',
  });
}
