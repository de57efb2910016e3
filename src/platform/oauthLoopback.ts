import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DoError, ERROR_CODES } from '../core/errors.ts';
import { cancelled } from './networkErrors.ts';
import { isSameToken, randomToken } from './oauthPkce.ts';
import type { RedirectAnswer, RedirectReceiver } from './oauthSignIn.ts';

/** What the browser shows at the end, in the person's language. */
export interface LoopbackTexts {
  readonly language: string;
  readonly title: string;
  readonly signedIn: string;
  readonly denied: string;
  /** For a request that is no answer to us. */
  readonly unknown: string;
}

/**
 * Listens on a free port of loopback, at a path that nobody can guess, for the browser to come back (RFC 8252).
 * Only a GET with our state is an answer; everything else is refused and changes nothing, so that no other
 * program or page can end or take over the sign-in.
 * @throws DoError when no port can be had
 */
export async function listenOnLoopback(texts: LoopbackTexts): Promise<RedirectReceiver> {
  const state = randomToken();
  const path = `/${randomToken()}`;
  let settle: (answer: RedirectAnswer) => void = () => undefined;
  const answered = new Promise<RedirectAnswer>((resolve) => (settle = resolve));
  const server = createServer((request, response) => {
    const answer = answerOf(request, host, path, state);
    respond(response, answer, texts);
    if (answer !== undefined) settle(answer);
  });
  await listen(server);
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    redirectUri: `http://${host}${path}`,
    state,
    answer: (signal) => Promise.race([answered, rejectOnAbort(signal)]),
    close: () => {
      // The page that says how it went may still be on its way: it gets its connection to the end.
      server.close();
      server.closeIdleConnections();
    },
  };
}

/** The answer that a request brings; undefined when it is none to us. */
function answerOf(
  { method, headers, url = '' }: IncomingMessage,
  host: string,
  path: string,
  state: string,
): RedirectAnswer | undefined {
  if (method !== 'GET' || headers.host !== host || !URL.canParse(url, `http://${host}`)) return undefined;
  const { pathname, searchParams } = new URL(url, `http://${host}`);
  if (!isSameToken(pathname, path) || !isSameToken(searchParams.get('state') ?? '', state)) return undefined;
  return redirectAnswer(searchParams);
}

/** What the parameters of an address with the right state say. */
export function redirectAnswer(parameters: URLSearchParams): RedirectAnswer | undefined {
  const [code, error] = [parameters.get('code'), parameters.get('error')];
  if (error !== null && error !== '') return { error };
  return code === null || code === '' ? undefined : { code };
}

function respond(response: ServerResponse, answer: RedirectAnswer | undefined, texts: LoopbackTexts): void {
  const text = answer === undefined ? texts.unknown : 'error' in answer ? texts.denied : texts.signedIn;
  response.writeHead(answer === undefined ? 400 : 200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(
    `<!doctype html>\n<html lang="${escape(texts.language)}">\n<meta charset="utf-8">\n<title>${escape(texts.title)}</title>\n<main><h1>${escape(texts.title)}</h1><p>${escape(text)}</p></main>\n</html>\n`,
  );
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new DoError({
          code: ERROR_CODES.unreachable,
          message: 'This machine lets nobody listen on 127.0.0.1, so the browser could not come back.',
          nextStep: 'Sign in with an API key.',
          cause,
        }),
      ),
    );
    server.listen(0, '127.0.0.1', () => resolve());
  });
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(cancelled(signal.reason));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
