/** Path of the committed bundle. */
export const BUNDLE: string;
/** What the bundle has to be for the sources as they are. */
export function bundleText(): Promise<string>;
