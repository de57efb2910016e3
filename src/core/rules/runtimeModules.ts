/**
 * What each module of the runtime exports, as workerd 1.20261117.1 has them at the compatibility date of the
 * platform's uploads (2025-01-24) without flags. None has a default export. `cloudflare:email` is listed by the
 * runtime but cannot be loaded.
 */
const MODULES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'cloudflare:workers',
    new Set([
      'DurableObject',
      'RpcPromise',
      'RpcProperty',
      'RpcStub',
      'RpcTarget',
      'ServiceStub',
      'WorkerEntrypoint',
      'WorkflowEntrypoint',
      'abortIsolate',
      'cache',
      'env',
      'exports',
      'restore',
      'tracing',
      'waitUntil',
      'withEnv',
      'withEnvAndExports',
      'withExports',
    ]),
  ],
  ['cloudflare:sockets', new Set(['connect', 'internalNewHttpClient'])],
  [
    'cloudflare:node',
    new Set(['connectHandler', 'handleAsNodeConnection', 'handleAsNodeRequest', 'httpServerHandler']),
  ],
  ['cloudflare:workflows', new Set(['NonRetryableError'])],
  ['cloudflare:durable-objects', new Set(['onHibernate', 'retryable'])],
  ['cloudflare:vectorize', new Set(['DistanceMetric', 'KnownModel', 'MetadataRetrievalLevel'])],
  [
    'cloudflare:ai',
    new Set([
      'Ai',
      'AiGateway',
      'AiGatewayInternalError',
      'AiGatewayLogNotFound',
      'AutoRAG',
      'AutoRAGInternalError',
      'AutoRAGNotFoundError',
      'AutoRAGUnauthorizedError',
      'InferenceUpstreamError',
      'ToMarkdownService',
    ]),
  ],
  ['cloudflare:pipelines', new Set(['PipelineTransformationEntrypoint'])],
  ['cloudflare:br', new Set(['BrowserRendering'])],
]);

/** Exports of a module of the runtime; undefined when it has no such module. */
export function exportsOf(module: string): ReadonlySet<string> | undefined {
  return MODULES.get(module);
}

/** Modules with an export that is neither a class nor an object, so that a module cannot export all of them. */
const NOT_TO_BE_EXPORTED: ReadonlySet<string> = new Set(['cloudflare:workers', 'cloudflare:durable-objects']);

/** Whether `export * from` the module loads. */
export function canBeExported(module: string): boolean {
  return MODULES.has(module) && !NOT_TO_BE_EXPORTED.has(module);
}

/** The module that exports a name which people use without importing it, such as `DurableObject`. */
export function moduleExporting(name: string): string | undefined {
  for (const module of ['cloudflare:workers', 'cloudflare:workflows']) {
    if (MODULES.get(module)?.has(name)) return module;
  }
  return undefined;
}
