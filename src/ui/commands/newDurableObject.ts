import * as vscode from 'vscode';
import { DoError, ERROR_CODES, toError } from '../../core/errors.ts';
import { MAX_CLASSES_PER_APP } from '../../core/model/names.ts';
import { sourceOf, type Template, TEMPLATES } from '../../core/templates/templates.ts';
import { askChoice, askText } from '../dialogs.ts';
import { logError } from '../errors.ts';
import { isThere } from '../files/manifestStore.ts';
import { doNameProblem } from '../files/names.ts';
import { sourceFolderOf } from '../files/sourceFolder.ts';
import type { Parts } from '../parts.ts';
import { cancelled } from '../progress.ts';
import { settings } from '../settings.ts';
import { templateTexts } from '../templates/templateTexts.ts';
import { writeMissingTypes } from '../templates/typeFiles.ts';
import { requireTrust } from '../trust.ts';

/** Makes a file with a class from a template, with type declarations beside it, and opens it. */
export function newDurableObjectCommand(parts: Parts): () => Promise<void> {
  return async () => {
    requireTrust();
    const folder = await askFolder();
    const names = await takenNames(parts, folder);
    refuseSixth(names);
    const template = await askTemplate();
    const name = await askName(template, names);
    const classes = vscode.Uri.joinPath(
      folder.uri,
      ...sourceFolderOf(settings.sourceGlob(folder.uri)).split('/'),
    );
    const uri = vscode.Uri.joinPath(classes, `${name}.ts`);
    await create(uri, sourceOf(template, name));
    try {
      await writeMissingTypes(parts.context.extensionUri, classes);
    } catch (error) {
      logError(error, 'write type declarations');
    }
    parts.folder.use(folder);
    await parts.files.refresh();
    await vscode.window.showTextDocument(uri, { preview: false });
  };
}

async function askFolder(): Promise<vscode.WorkspaceFolder> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [first] = folders;
  if (first === undefined) {
    throw new DoError({
      code: ERROR_CODES.badFile,
      message: vscode.l10n.t('No folder is open.'),
      nextStep: vscode.l10n.t('Open the folder that the Durable Object belongs to.'),
    });
  }
  if (folders.length === 1) return first;
  const choices = folders.map((folder) => ({
    label: folder.name,
    description: folder.uri.fsPath,
    choice: folder,
  }));
  const title = vscode.l10n.t('New Durable Object');
  const folder = await askChoice({ title, placeholder: vscode.l10n.t('In which folder?') }, choices);
  if (folder === undefined) throw cancelled();
  return folder;
}

async function askTemplate(): Promise<Template> {
  const choices = TEMPLATES.map((template) => ({ ...templateTexts(template.id), choice: template }));
  const title = vscode.l10n.t('New Durable Object');
  const placeholder = vscode.l10n.t('What is it to be?');
  const template = await askChoice({ title, placeholder, step: 1, totalSteps: 2 }, choices);
  if (template === undefined) throw cancelled();
  return template;
}

async function askName(template: Template, taken: ReadonlySet<string>): Promise<string> {
  const name = await askText({
    title: vscode.l10n.t('New Durable Object'),
    prompt: vscode.l10n.t('Name, as in the address of its instances: /_do/<name>/<instance>'),
    placeholder: template.id,
    value: freeName(template.id, taken),
    step: 2,
    totalSteps: 2,
    validate: (text) => doNameProblem(text, taken),
  });
  if (name === undefined) throw cancelled();
  return name;
}

function freeName(wish: string, taken: ReadonlySet<string>): string {
  let name = wish;
  for (let number = 2; taken.has(name); number += 1) name = `${wish}-${number}`;
  return name;
}

/** Names of the folder's files and of the classes of the app. */
async function takenNames(parts: Parts, folder: vscode.WorkspaceFolder): Promise<Set<string>> {
  const files = await parts.files.all();
  const here = files.filter((file) => file.folder.uri.toString() === folder.uri.toString());
  const deployed = parts.folder.is(folder) ? (parts.state.snapshot?.classes ?? []) : [];
  return new Set([...here.map((file) => file.name), ...deployed.map((row) => row.name)]);
}

function refuseSixth(names: ReadonlySet<string>): void {
  if (names.size < MAX_CLASSES_PER_APP) return;
  throw new DoError({
    code: 'TOO_MANY_CLASSES',
    message: vscode.l10n.t(
      'An app has at most {0} Durable Object classes, and there are {1}: {2}.',
      MAX_CLASSES_PER_APP,
      names.size,
      [...names].sort().join(', '),
    ),
    nextStep: vscode.l10n.t('Delete one first, or use another app.'),
  });
}

/** Never overwrites: a file that is there already is an error. */
async function create(uri: vscode.Uri, text: string): Promise<void> {
  const path = vscode.workspace.asRelativePath(uri);
  if (await isThere(uri)) {
    throw new DoError({
      code: ERROR_CODES.badFile,
      message: vscode.l10n.t('{0} exists already.', path),
      nextStep: vscode.l10n.t('Choose another name; the file was left as it is.'),
    });
  }
  try {
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  } catch (error) {
    throw new DoError({
      code: ERROR_CODES.badFile,
      message: vscode.l10n.t('{0} cannot be written: {1}', path, toError(error).message),
      nextStep: vscode.l10n.t('Make the folder writable, or choose another folder.'),
      cause: error,
    });
  }
}
