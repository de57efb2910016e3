import { DoError, ERROR_CODES } from '../core/errors.ts';
import { NOT_ARRIVED } from '../operations/aftermath.ts';
import { WOULD_DESTROY } from '../operations/previews.ts';
import { NOT_VERIFIED } from '../operations/readBack.ts';
import { ALREADY_SENT } from '../operations/change.ts';
import { ANSWER_LOST } from '../platform/networkErrors.ts';
import { NOT_SIGNED_IN, UNTRUSTED_ENDPOINT } from './connect/connectErrors.ts';
import { USAGE } from './usageError.ts';

/** How a command ends. A script may rely on each of them; `docs/command-line.md` lists them. */
export const EXIT = {
  ok: 0,
  /** Refused, failed, or there are findings. */
  failed: 1,
  /** Something given cannot be used: an option, a name, the manifest, a config file. Nothing was sent. */
  usage: 2,
  /** Stored data would be lost that nobody agreed to lose. Nothing was sent. */
  wouldDestroy: 3,
  /** No key, or one that the platform does not accept for this. */
  notAllowed: 4,
  /** The platform could not be reached. Nothing was changed. */
  unreachable: 5,
  /** A change was sent, and it is not known what became of it. */
  unknownOutcome: 6,
  /** Only with `plan --detailed-exitcode`: nothing stands in the way, and there is something to do. */
  changes: 7,
  /** Ctrl-C, before anything was sent or with a known outcome. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const BY_CODE: Readonly<Record<string, ExitCode>> = {
  [USAGE]: EXIT.usage,
  [ERROR_CODES.invalidInput]: EXIT.usage,
  [ERROR_CODES.badConfig]: EXIT.usage,
  [ERROR_CODES.badFile]: EXIT.usage,
  [WOULD_DESTROY]: EXIT.wouldDestroy,
  [NOT_SIGNED_IN]: EXIT.notAllowed,
  [UNTRUSTED_ENDPOINT]: EXIT.notAllowed,
  [ERROR_CODES.unreachable]: EXIT.unreachable,
  [ERROR_CODES.timeout]: EXIT.unreachable,
  [NOT_ARRIVED]: EXIT.unreachable,
  [ANSWER_LOST]: EXIT.unknownOutcome,
  [NOT_VERIFIED]: EXIT.unknownOutcome,
  [ALREADY_SENT]: EXIT.unknownOutcome,
  [ERROR_CODES.cancelled]: EXIT.interrupted,
};

/** The exit code that an error stands for. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof DoError)) return EXIT.failed;
  const known = BY_CODE[error.code];
  if (known !== undefined) return known;
  return error.status === 401 || error.status === 403 ? EXIT.notAllowed : EXIT.failed;
}
