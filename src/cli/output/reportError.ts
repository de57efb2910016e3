import { DoError, toError } from '../../core/errors.ts';
import { exitCodeOf, type ExitCode } from '../exitCodes.ts';
import type { Output } from './output.ts';

/** An error as `--json` writes it. */
export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  /** Empty when there is nothing to do. */
  readonly nextStep: string;
}

export function errorDocument(error: unknown): ErrorDocument {
  if (error instanceof DoError) {
    const { code, message, nextStep } = error;
    return { code, message, nextStep };
  }
  return { code: 'UNEXPECTED', message: toError(error).message, nextStep: '' };
}

/** Says on stderr what went wrong and what to do; answers the exit code. */
export function sayError(output: Output, error: unknown): ExitCode {
  const { code, message, nextStep } = errorDocument(error);
  output.annotate('error', `${message} ${nextStep}`.trim(), `title=${code.replace(/[^\w.-]/g, '_')}`);
  output.say(`${output.onStderr('red', 'Error:')} ${message}`);
  if (nextStep !== '') output.say(nextStep);
  return exitCodeOf(error);
}

/** The same, and the document of a command that has nothing else to give. */
export function reportFailure(output: Output, error: unknown): ExitCode {
  output.document({ error: errorDocument(error) });
  return sayError(output, error);
}
