export type InstanceIdProblem = 'empty' | 'slash' | 'dots' | 'encoded';

/**
 * What is wrong with an instance id in a public URL. The platform takes the path segment as it stands in the
 * request, not decoded, so an id that has to be encoded is another one than the same text in `invokeDO`.
 */
export function instanceIdProblem(text: string): InstanceIdProblem | undefined {
  const id = text.trim();
  if (id === '') return 'empty';
  if (/[/\\]/.test(id)) return 'slash';
  // A URL parser takes these segments out of the path.
  if (id === '.' || id === '..') return 'dots';
  return encodeURIComponent(id) === id ? undefined : 'encoded';
}

/** Path of an instance below the app's address. */
export function instancePath(name: string, id: string): string {
  return `/_do/${name}/${encodeURIComponent(id.trim())}`;
}
