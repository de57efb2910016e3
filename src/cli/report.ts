import { DoError, toError } from '../core/errors.ts';

/** Says on stderr what went wrong and what to do; answers the exit code. */
export function reportFailure(error: unknown): number {
  const { message } = toError(error);
  process.stderr.write(error instanceof DoError ? `${message}\n${error.nextStep}\n` : `${message}\n`);
  return 1;
}
