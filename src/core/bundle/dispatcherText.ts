import type { AccessMode } from '../model/app.ts';

/** A class as the dispatcher knows it. */
export interface Route {
  readonly name: string;
  readonly binding: string;
  readonly accessMode: AccessMode;
}

/** The end of the module as the platform makes it: routes, check of the access mode, default export. */
export function platformDispatcher(routes: readonly Route[]): string {
  return `${routesAndAuth(routes)}
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.hostname === 'internal.butterbase' && url.pathname.startsWith('/_dispatch/')) {
${internalDispatch('request')}
    }
${publicDispatch()}
  },
};
`;
}

/**
 * The dispatcher of the embedded platform. A class sees the same requests as with the platform's; on top of it:
 * - a request to a foreign `Host` or from a foreign `Origin` is refused, so that no web page can reach a class;
 * - requests are counted by class and instance name, which nothing else remembers;
 * - the entrypoint `__bbLocal` serves the counts and the platform's internal dispatch to whoever has the token;
 * - without a class it answers as the hosted platform's edge does for an app that has no script.
 *
 * It is configured by the binding `__BB_LOCAL`: `{allowedHosts: string[], controlToken: string}`, as JSON text
 * or as a JSON binding.
 */
export function localDispatcher(routes: readonly Route[]): string {
  return `${routesAndAuth(routes)}
const __bbLocalState = {
  requests: 0,
  instances: new globalThis.Map(),
  binding: undefined,
  settings: { allowedHosts: [], controlToken: '' },

  read(env) {
    if (env.__BB_LOCAL !== this.binding) {
      this.binding = env.__BB_LOCAL;
      const value = typeof this.binding === 'string' ? globalThis.JSON.parse(this.binding) : this.binding;
      this.settings = { allowedHosts: value?.allowedHosts ?? [], controlToken: value?.controlToken ?? '' };
    }
    return this.settings;
  },

  isAllowedHost(host, hostname, env) {
    if (hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]') return true;
    if (hostname === 'internal.butterbase') return false;
    const { allowedHosts } = this.read(env);
    return allowedHosts.includes(host) || allowedHosts.includes(hostname);
  },

  isAllowedOrigin(origin, env) {
    if (origin.startsWith('vscode-webview:')) return true;
    const url = globalThis.URL.canParse(origin) ? new globalThis.URL(origin) : undefined;
    if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false;
    return this.isAllowedHost(url.host, url.hostname, env);
  },

  refusal(request, url, env) {
    const origin = request.headers.get('origin');
    if (!this.isAllowedHost(url.host, url.hostname, env)) return this.refuse('the host ' + url.host);
    if (origin !== null && !this.isAllowedOrigin(origin, env)) return this.refuse('the origin ' + origin);
    return undefined;
  },

  refuse(what) {
    return new globalThis.Response(
      'The embedded platform refuses ' + what + ': only this machine may call it. Allow more hosts in its settings.',
      { status: 403 },
    );
  },

  // A URL that needs no parsing, from no web page. When a class took the name URL, everything is parsed, and fails.
  plainUrl: /^http:\\/\\/(?:127\\.0\\.0\\.1|localhost)(?::\\d+)?\\/_do\\/([a-z0-9-]+)\\/([\\w-]+)(?:\\/[\\w/-]*)?(?:\\?[^#]*)?$/,
  isUrlOurs: URL === globalThis.URL,

  plainPath(request) {
    return this.isUrlOurs && request.headers.get('origin') === null ? this.plainUrl.exec(request.url) : null;
  },

  // Without await where the class is public: each one costs a few percent of the throughput.
  call(request, env, name, instance) {
    const route = ROUTES[name];
    if (!route) return new Response('unknown DO', { status: 404 });
    if (route.access_mode === 'public') return this.forward(request, env, route, name, instance);
    return checkAuth(request, route.access_mode).then(
      (denied) => denied ?? this.forward(request, env, route, name, instance),
    );
  },

  forward(request, env, route, name, instance) {
    const namespace = env[route.binding];
    if (!namespace) return new Response('binding missing', { status: 500 });
    this.count(name, instance);
    return namespace.get(namespace.idFromName(instance)).fetch(request);
  },

  count(name, instance) {
    this.requests += 1;
    let counts = this.instances.get(name);
    if (counts === undefined) this.instances.set(name, (counts = new globalThis.Map()));
    counts.set(instance, (counts.get(instance) ?? 0) + 1);
  },

  counts() {
    const instances = globalThis.Object.fromEntries(
      globalThis.Array.from(this.instances, ([name, counts]) => [name, globalThis.Object.fromEntries(counts)]),
    );
    return { requests: this.requests, instances };
  },
};

export const __bbLocal = {
  async fetch(request, env) {
    const { controlToken } = __bbLocalState.read(env);
    if (controlToken === '' || request.headers.get('x-bb-control') !== controlToken) {
      return new globalThis.Response('forbidden', { status: 403 });
    }
    const url = new globalThis.URL(request.url);
    if (url.pathname === '/counts') return globalThis.Response.json(__bbLocalState.counts());
    if (!url.pathname.startsWith('/_dispatch/')) return new globalThis.Response('not found', { status: 404 });
    const headers = new globalThis.Headers(request.headers);
    headers.delete('x-bb-control');
    const inner = new globalThis.Request('https://internal.butterbase' + url.pathname + url.search, request);
    const forwarded = new globalThis.Request(inner, { headers });
${internalDispatch('forwarded', '__bbLocalState.count(name, instance);')}
  },
};

export default {
  fetch(request, env) {
${routes.length > 0 ? plainDispatch() : ''}    const url = new URL(request.url);
    const refusal = __bbLocalState.refusal(request, url, env);
    if (refusal !== undefined) return refusal;
${routes.length > 0 ? localDispatch() : noClasses()}
  },
};
`;
}

function routesAndAuth(routes: readonly Route[]): string {
  const entries = routes.map(
    (route) => `  '${route.name}': { binding: '${route.binding}', access_mode: '${route.accessMode}' }`,
  );
  return `
const ROUTES = {
${entries.join(',\n')}
};

// Looks at the shape of the Authorization header only; keys and tokens are checked before a request comes here.
async function checkAuth(request, accessMode) {
  if (accessMode === 'public') return null;
  const expected = accessMode === 'service_key' ? 'Bearer bb_sk_' : 'Bearer ';
  const given = request.headers.get('authorization') || '';
  return given.startsWith(expected) ? null : new Response('unauthorized', { status: 401 });
}
`;
}

/** Names come decoded, and who can reach this may call any class. */
function internalDispatch(request: string, count?: string): string {
  return lines(6, [
    "const segments = url.pathname.split('/');",
    "const name = decodeURIComponent(segments[2] || '');",
    "const instance = decodeURIComponent(segments[3] || '');",
    'const route = ROUTES[name];',
    "if (!route) return new Response('unknown class: ' + name, { status: 404 });",
    'const namespace = env[route.binding];',
    "if (!namespace) return new Response('binding missing: ' + route.binding, { status: 500 });",
    count,
    `return namespace.get(namespace.idFromName(instance)).fetch(${request});`,
  ]);
}

function plainDispatch(): string {
  return `${lines(4, [
    'const plain = __bbLocalState.plainPath(request);',
    'if (plain !== null) return __bbLocalState.call(request, env, plain[1], plain[2]);',
  ])}\n`;
}

function localDispatch(): string {
  return lines(4, [
    'const path = url.pathname.match(/^\\/_do\\/([^/]+)\\/([^/]+)/);',
    "if (!path) return new Response('not found', { status: 404 });",
    'return __bbLocalState.call(request, env, path[1], path[2]);',
  ]);
}

function noClasses(): string {
  return lines(4, [
    "const isDo = url.pathname.startsWith('/_do/');",
    "return new Response(isDo ? 'No Durable Objects deployed for this app.' : 'not found', { status: 404 });",
  ]);
}

/** Names come as they stand in the URL, not decoded. */
function publicDispatch(): string {
  return lines(4, [
    'const path = url.pathname.match(/^\\/_do\\/([^/]+)\\/([^/]+)/);',
    "if (!path) return new Response('not found', { status: 404 });",
    'const [, name, instance] = path;',
    'const route = ROUTES[name];',
    "if (!route) return new Response('unknown DO', { status: 404 });",
    'const denied = await checkAuth(request, route.access_mode);',
    'if (denied) return denied;',
    'const namespace = env[route.binding];',
    "if (!namespace) return new Response('binding missing', { status: 500 });",
    'return namespace.get(namespace.idFromName(instance)).fetch(request);',
  ]);
}

function lines(indent: number, statements: readonly (string | undefined)[]): string {
  return statements
    .filter((statement) => statement)
    .map((statement) => `${' '.repeat(indent)}${statement ?? ''}`)
    .join('\n');
}
