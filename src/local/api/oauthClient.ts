/** What a client says about itself; the platform looks at no more of it. */
export interface ClientMetadata {
  readonly name: string | null;
  readonly redirectUris: readonly string[];
}

const MAX_REDIRECT_URIS = 5;
const MAX_REDIRECT_URI_LENGTH = 2048;
const MAX_NAME_LENGTH = 200;
const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** A registration that the platform refuses; the message is what it answers. */
export class ClientMetadataError extends Error {}

/**
 * Reads the body of a registration. A redirect goes to https, to http on this machine, or to a program by its own
 * scheme (`vscode://…`).
 * @throws ClientMetadataError
 */
export function readClientMetadata(redirectUris: readonly unknown[], name: unknown): ClientMetadata {
  if (redirectUris.length === 0) throw refused('redirect_uris must contain at least 1 entry');
  if (redirectUris.length > MAX_REDIRECT_URIS) {
    throw refused(`redirect_uris must contain at most ${MAX_REDIRECT_URIS} entries`);
  }
  const uris = redirectUris.map(checkedRedirectUri);
  if (typeof name === 'string' && name.length > MAX_NAME_LENGTH) {
    throw refused(`client_name must be a string ≤${MAX_NAME_LENGTH} chars`);
  }
  return { name: typeof name === 'string' ? name : null, redirectUris: uris };
}

function checkedRedirectUri(uri: unknown): string {
  if (typeof uri !== 'string' || uri.length === 0 || uri.length > MAX_REDIRECT_URI_LENGTH) {
    throw refused(`redirect_uri must be a non-empty string ≤${MAX_REDIRECT_URI_LENGTH} chars`);
  }
  if (!URL.canParse(uri)) throw refused(`invalid redirect_uri: ${uri}`);
  const { hash, hostname, protocol } = new URL(uri);
  if (hash !== '') throw refused('redirect_uri must not contain a fragment');
  if (protocol === 'http:' && !LOOPBACK.includes(hostname)) {
    throw refused(`redirect_uri http:// is only allowed on loopback (127.0.0.1 / localhost / [::1]): ${uri}`);
  }
  if (!/^[a-z][a-z0-9+.-]+:$/i.test(protocol)) throw refused(`redirect_uri scheme is invalid: ${uri}`);
  return uri;
}

function refused(message: string): ClientMetadataError {
  return new ClientMetadataError(message);
}
