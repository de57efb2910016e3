export function makeTypes(outFolder: string): Promise<string>;
export function pruneTypes(source: string, version: string): string;
export const GLOBALS: ReadonlySet<string>;
