import { capnpText, COMPATIBILITY_DATE } from './workerdConfig.ts';

export interface TrialConfigInput {
  readonly classes: readonly { readonly className: string; readonly binding: string }[];
  readonly env: Readonly<Record<string, string>>;
  /** Names of the module files beside the configuration; the first one is the app's. */
  readonly files: readonly string[];
}

/**
 * The configuration of a workerd that only loads a module: both sockets lead to a network in which everything is
 * forbidden, so that no request reaches the module and none leaves it.
 */
export function trialConfig({ classes, env, files }: TrialConfigInput): string {
  const bindings = [
    ...Object.entries(env).map(([key, value]) => `(name = ${capnpText(key)}, text = ${capnpText(value)})`),
    ...classes.map(
      ({ binding, className }) =>
        `(name = ${capnpText(binding)}, durableObjectNamespace = (className = ${capnpText(className)}))`,
    ),
  ];
  const namespaces = classes.map(
    ({ className }) =>
      `(className = ${capnpText(className)}, uniqueKey = ${capnpText(className)}, enableSql = false)`,
  );
  const modules = files.map((file) => `(name = ${capnpText(file)}, esModule = embed ${capnpText(file)})`);
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "user", worker = .userWorker),
    (name = "internet", network = (allow = [])),
  ],
  sockets = [
    (name = "http", http = (), service = "internet"),
    (name = "control", http = (), service = "internet"),
  ],
  logging = (structuredLogging = true),
);

const userWorker :Workerd.Worker = (
  modules = [${modules.join(', ')}],
  compatibilityDate = "${COMPATIBILITY_DATE}",
  bindings = [${bindings.join(', ')}],
  durableObjectNamespaces = [${namespaces.join(', ')}],
  durableObjectStorage = (inMemory = void),
);
`;
}
