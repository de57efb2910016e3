import { createHash } from 'node:crypto';
import type { BuiltModule, ModuleClass } from '../../core/bundle/buildModule.ts';
import { localDispatcher } from '../../core/bundle/dispatcherText.ts';
import { butterbaseHelper } from '../../core/bundle/helperText.ts';
import { DoError, ERROR_CODES, toError } from '../../core/errors.ts';
import { DeployError } from './deployError.ts';

/** What the runtime runs for an app without classes: every path is answered as the platform answers it. */
export const EMPTY_MODULE: Pick<BuiltModule, 'code' | 'classes'> = { code: localDispatcher([]), classes: [] };

/** Names what a module is built with, apart from the app's sources: it changes when a generated part does. */
export const BUILDER: string = createHash('sha256')
  .update(EMPTY_MODULE.code)
  .update(butterbaseHelper())
  .digest('hex');

/** Builds one app's modules. Sources that did not change since the last build are not transpiled again. */
export interface AppBundler {
  /** @throws DeployError `INVALID_SOURCE` with the platform's text; `UNEXPECTED` when TypeScript itself fails */
  classNameOf(code: string): string;
  /** The order of `classes` is kept. @throws DeployError as `classNameOf` */
  build(classes: readonly ModuleClass[]): BuiltModule;
  /** A message of the runtime with its positions in the app's own files. */
  explain(message: string, module: BuiltModule): string;
}

/** Loads TypeScript, which takes a fifth of a second: so not before it is needed. Each bundler made is for one app. */
export async function loadBundler(): Promise<() => AppBundler> {
  const [{ buildModule }, { BundleError }, { TranspileCache }, { mapPositions }] = await Promise.all([
    import('../../core/bundle/buildModule.ts'),
    import('../../core/bundle/bundleError.ts'),
    import('../../core/bundle/transpile.ts'),
    import('../../core/bundle/positions.ts'),
  ]);
  const refusing = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof BundleError) throw new DeployError('INVALID_SOURCE', error.message, error);
      if (error instanceof DoError && error.code === ERROR_CODES.badFile) {
        throw new DeployError('UNEXPECTED', toError(error.cause).message, error);
      }
      throw error;
    }
  };
  return () => {
    const cache = new TranspileCache();
    return {
      classNameOf: (code) =>
        refusing(() => {
          const { verdict } = cache.get(code);
          if (typeof verdict === 'string') return verdict;
          throw verdict;
        }),
      build: (classes) => refusing(() => buildModule(classes, { flavour: 'local', cache })),
      explain: mapPositions,
    };
  };
}
