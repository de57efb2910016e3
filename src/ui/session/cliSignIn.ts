/** What one place of the platform's own command line says; undefined fields were not there. */
export interface CliConfigView {
  readonly endpoint: string;
  readonly apiKey?: string | undefined;
  readonly currentApp?: string | undefined;
  /** Which file the key comes from. */
  readonly apiKeySource: 'home' | 'folder' | undefined;
  readonly endpointSource: 'home' | 'folder' | 'default';
}

/** Who is signed in with the platform's own command line, and so is signed in here. */
export interface CliSignIn {
  readonly origin: string;
  readonly apiKey: string;
  readonly currentApp: string | undefined;
  /**
   * Set when a file of the folder names another platform than the one the key in the home folder belongs
   * to: the key may go there only when the person says so. It is the platform the key belongs to.
   */
  readonly askBefore: string | undefined;
}

/**
 * The sign-in that the config files give. The key of a file goes to the endpoint of the same file or to
 * the home file's; a folder that sends the home file's key elsewhere has to be asked about.
 *
 * @param home what the file in the home folder says by itself
 * @param merged both files, the folder's over the home's; equal to `home` in a workspace that is not trusted
 * @param normalise makes an origin of an endpoint; throws when it is none
 */
export function cliSignIn(
  home: CliConfigView | undefined,
  merged: CliConfigView | undefined,
  normalise: (endpoint: string) => string,
): CliSignIn | undefined {
  if (merged?.apiKey === undefined || merged.apiKey === '') return undefined;
  const origin = normalise(merged.endpoint);
  const keyOrigin = merged.apiKeySource === 'home' && home !== undefined ? normalise(home.endpoint) : origin;
  return {
    origin,
    apiKey: merged.apiKey,
    currentApp: merged.currentApp,
    askBefore: keyOrigin === origin ? undefined : keyOrigin,
  };
}
