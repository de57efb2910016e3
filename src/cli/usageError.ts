import { DoError } from '../core/errors.ts';

/** The command line itself cannot be understood. */
export const USAGE = 'USAGE';

/** @param command whose help tells more: `deploy` */
export function usageError(message: string, command?: string): DoError {
  const help = command === undefined ? '--help' : `${command} --help`;
  return new DoError({ code: USAGE, message, nextStep: `Run "cli ${help}" to see what can be given.` });
}
