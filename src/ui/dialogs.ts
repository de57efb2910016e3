import * as vscode from 'vscode';
import { isCancelled } from '../core/errors.ts';
import { errorText, logError } from './errors.ts';

type Validation = string | { readonly message: string; readonly isWarning: true } | undefined;

export interface TextQuestion {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly password?: boolean;
  readonly step?: number;
  readonly totalSteps?: number;
  /** As one types: what is wrong, or a warning that does not stop. An empty text is never told off before Enter. */
  readonly validate?: (text: string) => Validation;
  /** On Enter, with the network if need be. What it throws stays in the input, which stays open. */
  readonly accept?: (text: string, signal: AbortSignal) => Promise<void>;
  /** Closes the input, as if the person gave up. */
  readonly signal?: AbortSignal;
}

/** Asks for one line of text; undefined when the person gave up. */
export function askText(question: TextQuestion): Promise<string | undefined> {
  const input = vscode.window.createInputBox();
  input.title = question.title;
  input.prompt = question.prompt;
  input.placeholder = question.placeholder;
  input.value = question.value ?? '';
  input.password = question.password ?? false;
  input.step = question.step;
  input.totalSteps = question.totalSteps;
  input.ignoreFocusOut = true;
  const abort = new AbortController();
  const check = (): boolean => {
    const found = question.validate?.(input.value);
    input.validationMessage =
      found === undefined || typeof found === 'string'
        ? found
        : { message: found.message, severity: vscode.InputBoxValidationSeverity.Warning };
    return typeof found !== 'string';
  };
  const giveUp = (): void => input.hide();
  return new Promise((resolve) => {
    question.signal?.addEventListener('abort', giveUp, { once: true });
    input.onDidChangeValue(() => {
      if (input.value === '') input.validationMessage = undefined;
      else check();
    });
    input.onDidAccept(async () => {
      if (input.busy || !check()) return;
      const text = input.value;
      try {
        // Busy, not disabled: that would take the focus away, and nobody could try again by keyboard.
        input.busy = true;
        await question.accept?.(text, abort.signal);
        resolve(text);
        input.hide();
      } catch (error) {
        if (!isCancelled(error)) logError(error, question.title);
        input.validationMessage = isCancelled(error) ? undefined : errorText(error);
      } finally {
        input.busy = false;
      }
    });
    input.onDidHide(() => {
      question.signal?.removeEventListener('abort', giveUp);
      abort.abort();
      resolve(undefined);
      input.dispose();
    });
    input.show();
    if (question.signal?.aborted === true) giveUp();
  });
}

export interface Choice<T> extends vscode.QuickPickItem {
  readonly choice?: T;
}

/** A line between choices. */
export function separator(label: string): vscode.QuickPickItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

export interface ChoiceQuestion {
  readonly title: string;
  readonly placeholder: string;
  readonly step?: number;
  readonly totalSteps?: number;
}

/** Asks to pick one; the list may still be on its way. Undefined when the person gave up. */
export async function askChoice<T>(
  question: ChoiceQuestion,
  choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
): Promise<T | undefined> {
  const picked = await vscode.window.showQuickPick<Choice<T>>(choices, {
    title:
      question.step === undefined
        ? question.title
        : vscode.l10n.t('{0} ({1}/{2})', question.title, question.step, question.totalSteps ?? question.step),
    placeHolder: question.placeholder,
    matchOnDescription: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  return picked?.choice;
}
