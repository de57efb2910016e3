import { DoError, ERROR_CODES } from '../core/errors.ts';

/** The hosted platform, and what its command line uses when nothing else is set. */
export const HOSTED_ORIGIN = 'https://api.butterbase.ai';

/**
 * The address of a platform as the client uses it: scheme, host, port and path prefix, without trailing
 * slashes (a base that ends in `/` gives double slashes and 404). Without a scheme it is `https`, or `http`
 * on the machine itself.
 * @throws DoError `INVALID_INPUT` for anything else than an http or https address, and for one with a user
 *   name, password, query or fragment in it.
 */
export function normaliseOrigin(text: string): string {
  const trimmed = text.trim();
  const url = parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : guessScheme(trimmed));
  if (url === undefined || trimmed === '' || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw badOrigin('That is not the address of a Butterbase platform.');
  }
  if (url.username !== '' || url.password !== '') {
    throw badOrigin("The platform's address must not contain a user name or password.");
  }
  if (url.search !== '' || url.hash !== '') {
    throw badOrigin("The platform's address must not contain a query or fragment.");
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/** Whether the address is on this machine. */
export function isLoopbackOrigin(origin: string): boolean {
  const host = parse(origin)?.hostname ?? '';
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(host)
  );
}

/** Whether an API key would cross a network unencrypted. */
export function sendsKeyInClear(origin: string): boolean {
  return parse(origin)?.protocol === 'http:' && !isLoopbackOrigin(origin);
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function guessScheme(text: string): string {
  return isLoopbackOrigin(`http://${text}`) ? `http://${text}` : `https://${text}`;
}

function badOrigin(message: string): DoError {
  return new DoError({
    code: ERROR_CODES.invalidInput,
    message,
    nextStep: `Enter an address such as ${HOSTED_ORIGIN} or http://localhost:4000.`,
  });
}
