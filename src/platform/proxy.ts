import { DoError, ERROR_CODES } from '../core/errors.ts';
import { isLoopbackOrigin } from './origin.ts';
import { redact } from './redact.ts';

/** What is known of proxies besides the environment: the editor's settings. */
export interface ProxySettings {
  /** Address of a proxy; goes before the environment's. Empty or undefined for none. */
  readonly url?: string | undefined;
  /** Hosts that are reached without one, besides those of `NO_PROXY`. */
  readonly noProxy?: readonly string[];
  /** Value of the header `Proxy-Authorization`; else user name and password of the address. */
  readonly authorization?: string | undefined;
  /** Whether certificates are checked on a way through a proxy: its own, and the one behind it. Left out: they are. */
  readonly checksCertificates?: boolean;
}

export interface Proxy {
  /** Address without user name and password: fit to be shown. */
  readonly origin: string;
  readonly authorization: string | undefined;
  readonly checksCertificates: boolean;
}

/** What errors say of a proxy. */
export interface ShownProxy {
  readonly origin: string;
  /** Whether it is given something to sign in with. */
  readonly signsIn: boolean;
}

export function shownProxy(proxy: Proxy | undefined): ShownProxy | undefined {
  return proxy === undefined
    ? undefined
    : { origin: proxy.origin, signsIn: proxy.authorization !== undefined };
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy through which a platform is reached, if any: the settings' one, else that of `HTTPS_PROXY` or
 * `HTTP_PROXY` (upper or lower case), never for this machine and for what `NO_PROXY` names.
 * @throws DoError `BAD_CONFIG` for an address that no proxy can have.
 */
export function proxyFor(
  origin: string,
  settings: ProxySettings = {},
  env: Environment = {},
): Proxy | undefined {
  if (isLoopbackOrigin(origin)) return undefined;
  const url = new URL(origin);
  const text = firstOf(settings.url) ?? fromEnvironment(url.protocol, env);
  if (text === undefined) return undefined;
  const exceptions = [...(settings.noProxy ?? []), variable(env, 'no_proxy') ?? ''].flatMap((list) =>
    list.split(/[\s,]+/),
  );
  if (exceptions.some((exception) => covers(exception, url))) return undefined;
  const proxy = parsed(text);
  return {
    origin: proxy.origin,
    authorization: firstOf(settings.authorization) ?? basic(proxy),
    checksCertificates: settings.checksCertificates ?? true,
  };
}

function fromEnvironment(protocol: string, env: Environment): string | undefined {
  const http = variable(env, 'http_proxy');
  return protocol === 'https:' ? (variable(env, 'https_proxy') ?? http) : http;
}

function variable(env: Environment, name: string): string | undefined {
  return firstOf(env[name]) ?? firstOf(env[name.toUpperCase()]);
}

function firstOf(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

/** Whether an entry of `NO_PROXY` is about the address: `*`, a host, a domain with all below it, or either with a port. */
function covers(exception: string, url: URL): boolean {
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(exception.trim().toLowerCase()) ?? [];
  if (port !== undefined && port !== portOf(url)) return false;
  if (name === '*') return true;
  const domain = name.replace(/^\*?\./, '');
  const host = url.hostname.toLowerCase();
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

function portOf(url: URL): string {
  if (url.port !== '') return url.port;
  return url.protocol === 'https:' ? '443' : '80';
}

function parsed(text: string): URL {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  // A password may hold any character, a slash and an @ among them.
  const shown = redact(withScheme.replace(/\/\/.*@/s, '//…@'), '');
  if (/^socks/i.test(withScheme)) {
    throw new DoError({
      code: ERROR_CODES.badConfig,
      message: `The proxy ${shown} is a SOCKS proxy, and those cannot be used here: only proxies with http:// and https:// addresses can.`,
      nextStep: `${CORRECT_IT} Many SOCKS proxies listen for HTTP on another port; else run an HTTP proxy that passes on to it, or name the platform's host in http.noProxy or NO_PROXY.`,
    });
  }
  throw new DoError({
    code: ERROR_CODES.badConfig,
    message: `The address of the proxy, ${shown}, is none that a proxy can have, such as http://proxy.example:3128.`,
    nextStep: CORRECT_IT,
  });
}

const CORRECT_IT =
  'Correct the setting http.proxy of the editor, or the variables HTTP_PROXY and HTTPS_PROXY.';

function basic(url: URL): string | undefined {
  if (url.username === '') return undefined;
  const pair = `${decoded(url.username)}:${decoded(url.password)}`;
  // The header is bytes, and user names may be in any language.
  const bytes = new TextEncoder().encode(pair);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** People write a percent sign into a password as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
