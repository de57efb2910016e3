import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';

const ID = 'butterbase-community.butterbase-durable-objects';

interface Marks {
  getMarks(): readonly { readonly name: string; readonly startTime: number }[];
}

/** Writes how long (ms) loading and activating the extension took, from the extension host's own marks. */
export async function run(): Promise<void> {
  const { BENCH_OUTPUT: folder } = process.env;
  if (folder === undefined) throw new Error('BENCH_OUTPUT is not set');
  const times = (): Record<string, number> => {
    const { MonacoPerformanceMarks: marks } = globalThis as unknown as { MonacoPerformanceMarks: Marks };
    const at = (name: string): number =>
      marks.getMarks().find((mark) => mark.name === `code/extHost/${name}/${ID}`)?.startTime ?? Number.NaN;
    return {
      load: at('didLoadExtensionCode') - at('willLoadExtensionCode'),
      activate: at('didActivateExtension') - at('willActivateExtension'),
    };
  };
  // The workspace holds Durable Objects, so the editor activates the extension by itself.
  while (Number.isNaN(times()['activate']) || vscode.extensions.getExtension(ID)?.isActive !== true)
    await delay(20);
  writeFileSync(path.join(folder, `${Date.now()}.json`), JSON.stringify(times()));
}
