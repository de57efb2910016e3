import * as vscode from 'vscode';
import type { Linter } from '../diagnostics/linter.ts';
import { COMMANDS, register } from '../ids.ts';
import type { Parts } from '../parts.ts';
import type { Panels } from './panelsEntry.ts';

/** The env and the usage panel with the commands that open them. */
export function registerPanels(parts: Parts, linter: Linter): vscode.Disposable {
  let panels: Promise<Panels> | undefined;
  const all = (): Promise<Panels> => {
    // The build makes this import a chunk of its own, dist/panels.js.
    panels ??= import('./panelsEntry.ts').then(({ createPanels }) => createPanels(parts, linter));
    return panels;
  };
  const revive = (name: keyof Panels): vscode.Disposable =>
    vscode.window.registerWebviewPanelSerializer(`butterbaseDO.${name}`, {
      deserializeWebviewPanel: async (panel) => {
        (await all())[name].revive(panel);
      },
    });
  return vscode.Disposable.from(
    revive('usage'),
    revive('env'),
    new vscode.Disposable(() => {
      void panels?.then(({ usage, env }) => {
        usage.dispose();
        env.dispose();
      });
    }),
    register(COMMANDS.showUsage, async () => {
      (await all()).usage.open();
    }),
    register(COMMANDS.manageEnv, async (key?: unknown) => {
      const controller = (await all()).env.open();
      // With a key, the form is filled in for it.
      if (typeof key === 'string') controller.edit(key);
    }),
  );
}
