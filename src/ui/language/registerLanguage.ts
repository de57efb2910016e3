import * as vscode from 'vscode';
import { MANIFEST_PATH } from '../../core/model/manifest.ts';
import type { Parts } from '../parts.ts';
import { ClassDefinition } from './classDefinition.ts';
import { ClassRename } from './classRename.ts';
import { EnvCompletion } from './envCompletion.ts';
import { InvokeCompletion } from './invokeCompletion.ts';
import { PlatformHover } from './platformHover.ts';

const TYPESCRIPT: vscode.DocumentFilter = { language: 'typescript' };
const MANIFEST: vscode.DocumentFilter = { pattern: `**/${MANIFEST_PATH}` };

/** What the editor knows about the platform's names in Durable Object files and in the manifest. */
export function registerLanguage(parts: Parts): vscode.Disposable {
  const { languages } = vscode;
  const definition = new ClassDefinition(parts);
  return vscode.Disposable.from(
    languages.registerCompletionItemProvider(
      TYPESCRIPT,
      new InvokeCompletion(parts.files, parts.state),
      ...InvokeCompletion.triggers,
    ),
    languages.registerCompletionItemProvider(TYPESCRIPT, new EnvCompletion(parts), ...EnvCompletion.triggers),
    languages.registerHoverProvider(TYPESCRIPT, new PlatformHover(parts)),
    languages.registerDefinitionProvider([TYPESCRIPT, MANIFEST], definition),
    languages.registerDeclarationProvider(TYPESCRIPT, definition),
    languages.registerRenameProvider([TYPESCRIPT, MANIFEST], new ClassRename(parts.files)),
  );
}
