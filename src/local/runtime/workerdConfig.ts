/** The text configuration of one app's workerd, in the Cap'n Proto language. */

/** Compatibility date of the platform's uploads (platform-contract, "Upload"); it sets no flags. */
export const COMPATIBILITY_DATE = '2025-01-24';

/** Binding through which the dispatcher in the module learns what only the embedded platform knows. */
export const LOCAL_BINDING = '__BB_LOCAL';

/** Named export of the module that answers on the control socket. */
export const CONTROL_ENTRYPOINT = '__bbLocal';

/** Name of the disk service; its folder is given on workerd's command line. */
export const STORAGE_SERVICE = 'do-disk';

export interface WorkerdConfigInput {
  readonly appId: string;
  readonly classes: readonly { readonly className: string; readonly binding: string }[];
  readonly env: Readonly<Record<string, string>>;
  readonly allowedHosts: readonly string[];
  /** Secret that callers of the control socket present. */
  readonly controlToken: string;
  /** The module's file, relative to the configuration. It appears under this name in positions of errors. */
  readonly moduleFile: string;
  /**
   * `memory` is for a check that serves no request: nothing is written, which on a slow disk saves most of the
   * check's time. (An alarm that fires on it kills workerd.)
   */
  readonly storage: 'disk' | 'memory';
}

export function workerdConfig(input: WorkerdConfigInput): string {
  const local = JSON.stringify({ allowedHosts: input.allowedHosts, controlToken: input.controlToken });
  const bindings = [
    ...Object.entries(input.env)
      .filter(([key]) => key !== LOCAL_BINDING)
      .map(([key, value]) => `(name = ${capnpText(key)}, ${textBinding(value)})`),
    `(name = ${capnpText(LOCAL_BINDING)}, ${textBinding(local)})`,
    ...input.classes.map(
      (c) =>
        `(name = ${capnpText(c.binding)}, durableObjectNamespace = (className = ${capnpText(c.className)}))`,
    ),
  ];
  const namespaces = input.classes.map(
    (c) =>
      `(className = ${capnpText(c.className)}, uniqueKey = ${capnpText(uniqueKeyOf(input.appId, c.className))}, enableSql = false)`,
  );
  const onDisk = input.storage === 'disk';
  const disk = onDisk ? `\n    (name = "${STORAGE_SERVICE}", disk = (writable = true)),` : '';
  const storage = onDisk ? `localDisk = "${STORAGE_SERVICE}"` : 'inMemory = void';
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "user", worker = .userWorker),
    (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),${disk}
  ],
  sockets = [
    (name = "http", http = (), service = "user"),
    (name = "control", http = (), service = (name = "user", entrypoint = "${CONTROL_ENTRYPOINT}")),
  ],
  logging = (structuredLogging = true),
);

const userWorker :Workerd.Worker = (
  modules = [(name = ${capnpText(input.moduleFile)}, esModule = embed ${capnpText(input.moduleFile)})],
  compatibilityDate = "${COMPATIBILITY_DATE}",
  bindings = [${list(bindings)}],
  durableObjectNamespaces = [${list(namespaces)}],
  durableObjectStorage = (${storage}),
);
`;
}

/** Name of a class's storage folder. It also decides the ids of its instances, so it must never change. */
export function uniqueKeyOf(appId: string, className: string): string {
  return `${appId}-${className}`;
}

/**
 * A Cap'n Proto string literal. The language has C's escapes but no `\u`, so control characters are written
 * byte by byte; everything else stays UTF-8. Lone surrogates, which UTF-8 cannot hold, become U+FFFD.
 */
export function capnpText(value: string): string {
  const escaped = value
    .replaceAll(LONE_SURROGATE, '\ufffd')
    .replace(/[\u0000-\u001f\u007f"\\]/g, (char) =>
      char === '"' || char === '\\' ? `\\${char}` : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
  return `"${escaped}"`;
}

/** With the `u` flag, pairs are one code point and do not match. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** A value with lone surrogates goes in as JSON, whose `\uD800` escapes survive UTF-8. */
function textBinding(value: string): string {
  return value.search(LONE_SURROGATE) < 0
    ? `text = ${capnpText(value)}`
    : `json = ${capnpText(JSON.stringify(value))}`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `\n    ${item},`).join('') + (items.length > 0 ? '\n  ' : '');
}
