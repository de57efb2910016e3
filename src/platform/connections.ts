import type { SecureContext } from 'node:tls';
import { Pool, ProxyAgent, type Dispatcher } from 'undici';
import type { Proxy } from './proxy.ts';

/** Milliseconds to get a connection. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Bytes: a source of 1 MiB whose every character is escaped in JSON has 6 MiB. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** As many at once as the editor has views that ask. */
const MAX_CONNECTIONS = 8;

/** Where requests of one kind go out. */
export interface Connections {
  readonly dispatcher: Dispatcher;
  /** Put before the path: for a proxy that wants whole addresses. */
  readonly pathPrefix: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ConnectionFacts {
  readonly origin: string;
  readonly proxy: Proxy | undefined;
  /** Which certificates are trusted; those of Node when undefined. */
  readonly trust: SecureContext | undefined;
}

/**
 * The connections to one host.
 * @param kept whether they stay open for the next request. A kept one may have been closed by the other side
 *   just when a request goes out on it: nobody knows then whether that arrived.
 */
export function openConnections({ origin, proxy, trust }: ConnectionFacts, kept: boolean): Connections {
  const options = {
    connections: MAX_CONNECTIONS,
    maxResponseSize: MAX_ANSWER_BYTES,
    ...(kept ? {} : { pipelining: 0 }),
  };
  const connect = {
    timeout: CONNECT_TIMEOUT_MS,
    ...(trust === undefined ? {} : { secureContext: trust }),
    ...(proxy?.checksCertificates === false ? { rejectUnauthorized: false } : {}),
  };
  if (proxy === undefined) {
    return { dispatcher: new Pool(origin, { ...options, connect }), pathPrefix: '', headers: {} };
  }
  if (origin.startsWith('http:')) {
    // A proxy passes unencrypted requests on as they are; many open no tunnel for them.
    const headers = { host: new URL(origin).host, ...authorization(proxy) };
    return { dispatcher: new Pool(proxy.origin, { ...options, connect }), pathPrefix: origin, headers };
  }
  const dispatcher = new ProxyAgent({
    ...options,
    uri: proxy.origin,
    ...(proxy.authorization === undefined ? {} : { token: proxy.authorization }),
    clientFactory: (url, clientOptions) =>
      new Pool(url, { ...clientOptions, headersTimeout: CONNECT_TIMEOUT_MS }),
    proxyTls: connect,
    requestTls: connect,
  });
  return { dispatcher, pathPrefix: '', headers: {} };
}

function authorization(proxy: Proxy): Record<string, string> {
  return proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization };
}
