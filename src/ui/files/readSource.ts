import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import { MAX_REGISTER_BODY_BYTES } from '../../core/model/names.ts';
import { decodeSource, type SourceProblem } from './decode.ts';
import { isNotFound } from './manifestStore.ts';

/**
 * The saved text of a Durable Object file, read as bytes so that what is deployed is what is on disk.
 *
 * @throws DoError `BAD_FILE` when it is gone, unreadable, empty, binary, not UTF-8 or larger than a request may be.
 */
export async function readSource(uri: vscode.Uri): Promise<string> {
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  let bytes: Uint8Array;
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > MAX_REGISTER_BODY_BYTES) throw badFile(name, 'tooLarge', size);
    bytes = await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (error instanceof DoError) throw error;
    throw unreadable(name, error);
  }
  const source = decodeSource(bytes);
  if ('problem' in source) throw badFile(name, source.problem, bytes.byteLength);
  return source.text;
}

function unreadable(name: string, cause: unknown): DoError {
  const message = isNotFound(cause)
    ? vscode.l10n.t('{0} is not there any more.', name)
    : vscode.l10n.t('{0} cannot be read: {1}', name, cause instanceof Error ? cause.message : String(cause));
  const nextStep = vscode.l10n.t('Nothing was deployed. Restore the file and try again.');
  return new DoError({ code: ERROR_CODES.badFile, message, nextStep, cause });
}

function badFile(name: string, problem: SourceProblem, bytes: number): DoError {
  return new DoError({ code: ERROR_CODES.badFile, ...wording(name, problem, bytes) });
}

function wording(name: string, problem: SourceProblem, bytes: number): { message: string; nextStep: string } {
  switch (problem) {
    case 'empty':
      return {
        message: vscode.l10n.t('{0} is empty.', name),
        nextStep: vscode.l10n.t('Write a class into it, or make one with New Durable Object.'),
      };
    case 'binary':
      return {
        message: vscode.l10n.t('{0} is a binary file, not TypeScript.', name),
        nextStep: vscode.l10n.t('Deploy a text file with one exported class.'),
      };
    case 'notUtf8':
      return {
        message: vscode.l10n.t('{0} is not UTF-8 text.', name),
        nextStep: vscode.l10n.t(
          'Save it with encoding UTF-8 (the encoding is in the status bar) and deploy again.',
        ),
      };
    case 'tooLarge':
      return {
        message: vscode.l10n.t(
          '{0} is too large to deploy: {1} KB. The platform takes at most {2} KB in one request.',
          name,
          Math.ceil(bytes / 1024),
          Math.floor(MAX_REGISTER_BODY_BYTES / 1024),
        ),
        nextStep: vscode.l10n.t('Make the file smaller, for example by moving data out of it into storage.'),
      };
  }
}
