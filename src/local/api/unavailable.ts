import { DoError } from '../../core/errors.ts';
import { errorBody, HttpError } from './errors.ts';

/** The answer that only the embedded platform gives: this machine cannot run anything now. Undefined for another error. */
export function unavailableAnswer(error: unknown): HttpError | undefined {
  if (!(error instanceof DoError) || error.status === undefined) return undefined;
  const { code, message, nextStep, status } = error;
  return new HttpError(status, errorBody({ code, message, remediation: nextStep }));
}
