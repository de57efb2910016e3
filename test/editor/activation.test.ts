import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import { extension } from './editor.ts';

suite('activation', () => {
  suiteSetup(async () => {
    await extension().activate();
  });

  test('every command of the manifest is registered', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributedCommands().filter((command) => !registered.has(command)),
      [],
    );
  });

  test('only what starting needs is loaded: no client, compiler, command or panel', () => {
    const { _cache: cache } = Module as unknown as { _cache: Record<string, unknown> };
    const dist = path.join(extension().extensionPath, 'dist');
    const loaded = Object.keys(cache).filter((file) => file.startsWith(dist));
    assert.deepEqual(loaded.map((file) => path.relative(dist, file)).sort(), [
      'backendLoader.js',
      'contextKeys.js',
      'extension.js',
      'log.js',
    ]);
  });

  test('no process is started before somebody needs it', () => {
    const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
      .trim()
      .split(' ');
    const commands = children
      .filter((pid) => pid !== '')
      .map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
    assert.deepEqual(
      commands.filter((command) => command.includes('cli.js') || command.includes('workerd')),
      [],
    );
  });
});

function contributedCommands(): string[] {
  const { contributes } = extension().packageJSON as { contributes: { commands: { command: string }[] } };
  return contributes.commands.map(({ command }) => command);
}
