import type { OpenApp } from '../connect/openApp.ts';

/** The address of an instance of the class, with a place for its id; undefined when it is not known. */
export function instanceUrl(
  { instanceBase }: Pick<OpenApp, 'instanceBase'>,
  name: string,
): string | undefined {
  return instanceBase === undefined ? undefined : `${instanceBase}/_do/${name}/<instance-id>`;
}
