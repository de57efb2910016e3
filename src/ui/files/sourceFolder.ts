/** Where classes live by default, from the workspace folder. */
const DEFAULT_FOLDER = 'durable-objects';

/**
 * The folder for a class, so that the glob setting finds its file: of a glob `src/rooms/*.ts` it is `src/rooms`,
 * of every glob whose folder is not plain the default.
 */
export function sourceFolderOf(glob: string): string {
  const folder = /^(?:\*\*\/)?([^*?{}[\]!]+)\/(?:\*\*\/)?\*\.(?:ts|\{[^/]*\bts\b[^/]*\})$/.exec(
    glob.trim(),
  )?.[1];
  const parts = (folder ?? '').split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') ? DEFAULT_FOLDER : parts.join('/');
}
