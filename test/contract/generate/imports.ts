import { oneOf, rarely, text } from './text.ts';

const module = rarely(
  oneOf("'cloudflare:workers'", '"cloudflare:workers"', "'cloudflare:sockets'"),
  oneOf(
    "'cloudflare:nope'",
    "'cloudflare:email'",
    "'cloudflare:node'",
    "'cloudflare:workflows'",
    "'cloudflare:'",
    "'cloudflare\\u003aworkers'",
    "'Cloudflare:workers'",
    "'zod'",
    "'./helper'",
    "'node:fs'",
    "''",
  ),
  8,
);

const exported = rarely(
  oneOf('DurableObject', 'env', 'WorkerEntrypoint', 'RpcTarget', 'RpcStub', 'waitUntil'),
  oneOf('DurableObjectState', 'connect', 'Nope', 'default', 'Socket', 'exports'),
  6,
);
const alias = oneOf('Base', 'DurableObject', 'env', 'workerEnv', 'RpcTarget', 'helper', 'cf', 'ROUTES');

const space = oneOf('cf', 'workers');

const specifier = rarely(
  exported,
  oneOf(
    text`${exported} as ${alias}`,
    text`type ${exported}`,
    text`type ${exported} as ${alias}`,
    'DurableObject as DurableObject',
    'type',
    'type as',
    'type as as',
    'DurableObject as DurableObject, DurableObject',
  ),
  8,
);

const specifiers = oneOf(specifier, text`${specifier}, ${specifier}`, text`${specifier},`, '');

/** Import declarations, most of which load. */
export const importStatement = rarely(
  oneOf(
    "import { DurableObject } from 'cloudflare:workers';",
    "import { DurableObject, env } from 'cloudflare:workers';",
    "import { connect } from 'cloudflare:sockets';",
    "import 'cloudflare:workers';",
    "import type { DurableObject } from 'cloudflare:workers';",
    "import {} from 'cloudflare:workers';",
    text`import { DurableObject } from ${module}`,
  ),
  oneOf(
    text`import { ${specifiers} } from ${module};`,
    text`import type { ${specifiers} } from ${module};`,
    text`import ${alias} from ${module};`,
    text`import * as ${space} from ${module};`,
    text`import type * as ${space} from ${module};`,
    text`import type ${alias} from ${module};`,
    text`import ${alias}, { ${specifiers} } from ${module};`,
    text`import ${alias}, * as cf from ${module};`,
    text`import ${module};`,
    text`import { ${specifiers} } from ${module} with { type: 'json' };`,
    text`import defer * as ${space} from ${module};`,
    text`import ${alias} = require(${module});`,
    text`import type ${alias} = require(${module});`,
    text`export import ${alias} = require(${module});`,
    'namespace Outer { export const inner = {}; }\nimport short = Outer.inner;',
    'namespace Outer2 { export const inner = {}; }\nexport import short2 = Outer2.inner;',
    'import type T3 = Missing.Inner;',
  ),
  3,
);

/** Modules that are named where the bundler does not look. */
export const uncheckedReference = oneOf(
  text`export { ${specifiers} } from ${module};`,
  text`export type { ${specifiers} } from ${module};`,
  text`export * from ${module};`,
  text`export * as ${alias} from ${module};`,
  text`export type * from ${module};`,
  text`export type * as ${alias} from ${module};`,
  text`await import(${module});`,
  text`import(${module});`,
  text`import(${module}).catch(() => {});`,
  text`try { await import(${module}); } catch {}`,
  text`const loaded${alias} = await import(${module});`,
  text`require(${module});`,
  text`try { require(${module}); } catch {}`,
  text`type Loaded = import(${module}).Type;`,
  text`const lazily${alias} = () => import(${module});`,
  text`const asked${alias} = () => require(${module});`,
);
