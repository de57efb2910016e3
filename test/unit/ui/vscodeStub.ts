import { registerHooks } from 'node:module';

/**
 * Lets modules that import `vscode` load outside of the editor. Import it first, then the module by a dynamic
 * import. It knows only what needs no editor: events and texts.
 */
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode'
      ? { url: new URL('vscodeModule.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});
