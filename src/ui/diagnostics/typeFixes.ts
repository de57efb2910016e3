import * as vscode from 'vscode';
import { bindingOf } from '../../core/model/names.ts';
import { declareEnvKey } from '../../core/templates/envDeclaration.ts';
import type { DoFiles } from '../files/doFiles.ts';
import { isThere } from '../files/manifestStore.ts';
import { COMMANDS } from '../ids.ts';

/** Mends of what TypeScript says in a Durable Object file because it does not know the platform. */
export class TypeFixes implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };

  readonly #files: DoFiles;

  constructor(files: DoFiles) {
    this.#files = files;
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    if (this.#files.find(document.uri) === undefined) return [];
    const actions: vscode.CodeAction[] = [];
    for (const diagnostic of context.diagnostics) {
      if (diagnostic.source !== 'ts') continue;
      const key = ENV_KEY.exec(diagnostic.message)?.[1];
      if (key !== undefined) actions.push(await this.#declareKey(document, key, diagnostic));
      else if (UNKNOWN_PLATFORM.test(diagnostic.message))
        actions.push(...(await writeTypes(document, diagnostic)));
    }
    return actions;
  }

  async #declareKey(
    document: vscode.TextDocument,
    key: string,
    diagnostic: vscode.Diagnostic,
  ): Promise<vscode.CodeAction> {
    const uri = vscode.Uri.joinPath(document.uri, '..', 'env.d.ts');
    const isNamespace = (await this.#files.all()).some(({ name }) => bindingOf(name) === key);
    const declarations = (await isThere(uri)) ? await vscode.workspace.openTextDocument(uri) : undefined;
    const { offset, text } = declareEnvKey(
      declarations?.getText() ?? '',
      key,
      isNamespace ? 'DurableObjectNamespace' : 'string',
    );
    const edit = new vscode.WorkspaceEdit();
    if (declarations === undefined) edit.createFile(uri, { contents: new TextEncoder().encode(text) });
    else edit.insert(uri, declarations.positionAt(offset), text);
    const action = new vscode.CodeAction(
      vscode.l10n.t('Declare {0} in env.d.ts', key),
      vscode.CodeActionKind.QuickFix,
    );
    action.edit = edit;
    action.diagnostics = [diagnostic];
    action.isPreferred = true;
    return action;
  }
}

/** TypeScript on a key of the environment that is not declared. */
const ENV_KEY = /^Property '([A-Z_][A-Z0-9_]*)' does not exist on type '(?:Readonly<)?Env>?'/;

/** TypeScript in a folder without the declarations. */
const UNKNOWN_PLATFORM =
  /^Cannot find (?:module 'cloudflare:|name '(?:butterbase|WebSocketPair|DurableObject\w*|Request|Response)')/;

/** Nothing when the declarations are there: then something else is wrong. */
async function writeTypes(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
): Promise<vscode.CodeAction[]> {
  if (await isThere(vscode.Uri.joinPath(document.uri, '..', 'workers.d.ts'))) return [];
  const title = vscode.l10n.t("Write the platform's type declarations beside this file");
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { command: COMMANDS.writeTypes, title };
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  return [action];
}
