import type { Run } from './run.ts';
import {
  isPrimitive,
  nativeFunction,
  openObject,
  Thing,
  UNDEFINED,
  UNKNOWN,
  type Call,
  type Key,
  type Property,
  type Value,
} from './values.ts';

/** Functions of the runtime's modules that throw on the spot. */
const BARRED: ReadonlySet<string> = new Set(['connect', 'waitUntil']);

/** Exports of the runtime's modules that are no classes. */
const OBJECTS: ReadonlySet<string> = new Set(['env', 'exports', 'cache', 'tracing']);
const FUNCTIONS: ReadonlySet<string> = new Set([
  'abortIsolate',
  'connect',
  'waitUntil',
  'withEnv',
  'withEnvAndExports',
  'withExports',
]);

const MADE_BY_RUNTIME: ReadonlySet<string> = new Set([
  'DurableObject',
  'WorkerEntrypoint',
  'WorkflowEntrypoint',
]);

/** An export of a module of the runtime. */
export function importOf(run: Run, name: string, env: (key: string) => Value): Value {
  if (OBJECTS.has(name)) {
    const made = openObject();
    made.native = { name, isCallable: false, isConstructor: false };
    if (name === 'env') made.lookup = looking((key) => env(key));
    return made;
  }
  if (FUNCTIONS.has(name)) {
    return nativeFunction(name, ({ node, args }) =>
      BARRED.has(name)
        ? run.fail(node, `${name}() is not allowed`, 'barred', 'Error')
        : unknownCall(run, args),
    );
  }
  const made = openObject();
  const call = ({ node, args, isNew }: Call): Value => {
    if (MADE_BY_RUNTIME.has(name)) run.fail(node, `only the runtime makes a ${name}`);
    if (!isNew && name === 'RpcTarget') run.fail(node, `${name} is called without \`new\``);
    unknownCall(run, args);
    return openObject();
  };
  made.native = { name, isCallable: true, isConstructor: true, call };
  return made;
}

function unknownCall(run: Run, args: readonly Value[]): Value {
  for (const argument of args) run.escape(argument);
  return run.unknown();
}

function looking(find: (key: string) => Value): (key: Key) => Property | 'unknown' {
  return (key) => (typeof key === 'symbol' ? 'unknown' : { value: find(key) });
}

/** One of the runtime's modules as a whole. */
export function spaceOf(run: Run, exported: ReadonlySet<string>, env: (key: string) => Value): Thing {
  const made = new Thing(null);
  made.native = { name: 'module', isCallable: false, isConstructor: false };
  made.isSealed = true;
  made.lookup = (key) =>
    typeof key === 'string' && exported.has(key)
      ? { value: importOf(run, key, env), isReadOnly: true, isFixed: true }
      : undefined;
  return made;
}

/** The helper that every source can use. */
export function helperOf(run: Run): Thing {
  const made = run.realm.plain();
  const ctx = nativeFunction('butterbase.ctx', ({ node, args: [request = UNDEFINED] }) =>
    isPrimitive(request) ? run.fail(node, 'butterbase.ctx() is given no request') : run.unknown(),
  );
  made.properties.set('ctx', { value: ctx });
  return made;
}

/** The binding of a class: instances of it cannot be reached while the module loads. */
export function namespaceOf(run: Run, name: string): Thing {
  const made = run.realm.plain();
  const barred = nativeFunction('get', ({ node }) =>
    run.fail(node, `env.${name}.get() is not allowed`, 'barred', 'Error'),
  );
  for (const key of ['get', 'getByName']) made.properties.set(key, { value: barred });
  for (const key of NAMESPACE) made.properties.set(key, { value: UNKNOWN });
  return made;
}

const NAMESPACE: readonly string[] = [
  'idFromName',
  'idFromString',
  'newUniqueId',
  'getExisting',
  'jurisdiction',
];
