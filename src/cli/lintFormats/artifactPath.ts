/*
 * Paths as other tools read them: absolute ones with `/` between their parts, also those of Windows (`C:/app/a.ts`,
 * `//server/share/a.ts`).
 */

/** The path of a file from a folder that holds it; undefined when it lies elsewhere. */
export function pathWithin(file: string, folder: string): string | undefined {
  const start = folder.endsWith('/') ? folder : `${folder}/`;
  const isWindows = /^[A-Za-z]:\/|^\/\//.test(file);
  const isInside = isWindows ? file.toLowerCase().startsWith(start.toLowerCase()) : file.startsWith(start);
  return isInside ? file.slice(start.length) : undefined;
}

/** The path as a URI: `file:///C:/my%20app/a.ts`. */
export function fileUri(path: string): string {
  const uri = relativeUri(path);
  if (path.startsWith('//')) return `file:${uri}`;
  return path.startsWith('/') ? `file://${uri}` : `file:///${uri.replace(/^([A-Za-z])%3A/, '$1:')}`;
}

/** A path from a folder as a relative reference of a URI. */
export function relativeUri(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
