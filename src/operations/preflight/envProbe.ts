import type { BuiltModule } from '../../core/bundle/buildModule.ts';
import { tryModule } from '../../local/runtime/moduleTrial.ts';

const PROBE_FILE = 'env-probe.mjs';

/** What the probe prints when somebody looks into the environment. */
const MARK = 'butterbase-do: env was read';

/** Stands in for `cloudflare:workers`, and tells when its `env` is looked into. */
const PROBE = `import { env as real } from 'cloudflare:workers';
export * from 'cloudflare:workers';
const told = (name) => (...args) => {
  console.log(${JSON.stringify(MARK)});
  return Reflect[name](...args);
};
export const env = new Proxy(real, {
  get: told('get'),
  has: told('has'),
  ownKeys: told('ownKeys'),
  getOwnPropertyDescriptor: told('getOwnPropertyDescriptor'),
});
`;

/** Whether loading the module looks into the environment, so that what happens can depend on its values. */
export async function readsEnvAtLoad(
  module: BuiltModule,
  env: Readonly<Record<string, string>>,
  workerd: string,
  signal: AbortSignal,
): Promise<boolean> {
  // Only this module of the runtime has the environment outside of a class.
  const code = module.code.replaceAll(/(['"])cloudflare:workers\1/g, `'./${PROBE_FILE}'`);
  if (code === module.code) return false;
  const modules = new Map([
    ['worker.mjs', code],
    [PROBE_FILE, PROBE],
  ]);
  const trial = await tryModule({ workerd, modules, classes: module.classes, env, signal });
  return trial.kind === 'noStart' || trial.printed.includes(MARK);
}
