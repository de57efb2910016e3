import { ERROR_CODES } from '../core/errors.ts';
import { seconds } from './duration.ts';
import { NO_ROUTE, type Envelope } from './envelope.ts';

export interface Advice {
  readonly message: string;
  readonly nextStep: string;
}

/**
 * What a platform's error means for a person in the editor, and what to do next. The platform's own sentence
 * is kept wherever it says what happened; its remediation names API and MCP calls, so ours replaces it.
 */
export function adviceFor(
  status: number,
  envelope: Envelope,
  retryAfterMs: number | undefined,
  origin: string,
): Advice {
  const message = sentence(envelope.message);
  const known = BY_CODE[envelope.code]?.(envelope, origin);
  if (known !== undefined) return { message, ...known };
  switch (status) {
    case 401:
      return { message: 'The platform did not accept the API key.', nextStep: VALID_KEY };
    case 402:
      return {
        message,
        nextStep: `Upgrade or reduce the usage of the account${link(envelope)}, then try again.`,
      };
    case 403:
      return {
        message,
        nextStep: 'Check the state of the account and the rights of the key on the dashboard.',
      };
    case 404:
      return { message, nextStep: 'It may have been deleted; look at what there is.' };
    case 413:
      return {
        message: 'The source is too large: the request with it may have 1,048,576 bytes at most.',
        nextStep: 'Make the class smaller, for example by moving data out of its source.',
      };
    case 429:
      return {
        message: 'The platform got too many requests for this app within a minute.',
        nextStep: `Wait ${seconds(retryAfterMs ?? 60_000)} and try again.`,
      };
    default:
      break;
  }
  if (status >= 500) {
    const when = retryAfterMs === undefined ? 'in a moment' : `in ${seconds(retryAfterMs)}`;
    return {
      message,
      nextStep: `Try again ${when}. If it keeps happening, look at the status of the platform.`,
    };
  }
  return { message, nextStep: envelope.remediation ?? 'Check what was sent, then try again.' };
}

/** An address can be thousands of characters long. */
function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}

const VALID_KEY = 'Use an API key that is valid; it begins with bb_sk_.';

type Partial = { readonly message?: string; readonly nextStep: string };

/** By the platform's code. A function may leave the message as the platform wrote it. */
const BY_CODE: Readonly<Record<string, (envelope: Envelope, origin: string) => Partial | undefined>> = {
  AUTH_INVALID_API_KEY: () => ({
    message: 'The API key is wrong, revoked or expired.',
    nextStep: 'Use a key that is valid; make one on the dashboard of the platform.',
  }),
  AUTH_INVALID_TOKEN: () => ({
    message: 'What was sent as the key is not an API key.',
    nextStep: VALID_KEY,
  }),
  account_soft_locked: (envelope) => ({
    nextStep: `Upgrade or reduce the usage of the account${link(envelope)}. Until then it can only be read.`,
  }),
  account_suspended: (envelope) => ({
    nextStep: `Ask the support of the platform why the account is suspended${link(envelope)}.`,
  }),
  app_migrating: () => ({
    nextStep: 'Wait 60 seconds and try again; reading works meanwhile.',
  }),
  APP_PROVISIONING: () => ({
    message: 'The app is still being set up.',
    nextStep: 'Wait until it is ready (usually less than a minute), then try again.',
  }),
  APP_DELETING: () => ({
    message: 'The app is being deleted and takes no more requests.',
    nextStep: 'Use another app.',
  }),
  RESOURCE_NOT_FOUND: (envelope) =>
    /^App\b/.test(envelope.message)
      ? {
          message: `${sentence(envelope.message)} It does not exist here, or it belongs to another account.`,
          nextStep: 'Use another app, or a key of the account that owns it.',
        }
      : {
          message: 'There is no such Durable Object.',
          nextStep: 'It may have been deleted; look at what there is.',
        },
  // The embedded platform on a machine where nothing starts: only it knows what to do.
  [ERROR_CODES.localPlatform]: ({ remediation }) =>
    remediation === undefined ? undefined : { nextStep: remediation },
  [NO_ROUTE]: (envelope, origin) => ({
    message: `${origin} has no such address (${shortened(envelope.message)}).`,
    nextStep: 'Check the address of the platform, and whether it is recent enough to have Durable Objects.',
  }),
  INTERNAL_ERROR: (envelope) => {
    if (envelope.fields.length === 0) {
      return {
        message: 'The platform failed with an internal error.',
        nextStep:
          'Try again. The platform answers like this also when a value is missing, of the wrong kind or too long: check name, source, access mode or value.',
      };
    }
    const fields = envelope.fields.map(({ field, message }) =>
      field === '' ? message : `${field}: ${message}`,
    );
    return {
      message: `The platform refused what was sent: ${fields.join('; ')}.`.replace(/\.+$/, '.'),
      nextStep: `Correct ${list(envelope.fields.map(({ field }) => (field === '' ? 'the request' : field)))} and try again.`,
    };
  },
  EXTERNAL_CLOUDFLARE_ERROR: ({ message }) => {
    const refusal = /\[10021\] ([^]+)$/.exec(message)?.[1];
    return {
      ...(refusal === undefined ? {} : { message: `The module does not load: [10021] ${sentence(refusal)}` }),
      nextStep: cloudflareStep(message),
    };
  },
  VALIDATION_INVALID_SCHEMA: (envelope) =>
    envelope.message.includes('collides with')
      ? {
          nextStep:
            'Remove that environment key before any other change: as long as it is stored, every deploy of the app fails.',
        }
      : { nextStep: 'Correct it and try again.' },
};

/** After a failed upload the class is in ERROR, and then any other change of the app destroys its data (hazard b). */
const REPAIR =
  'Then deploy the same class again before any other change of this app: a class in ERROR loses its stored data when something else is deployed.';

function cloudflareStep(message: string): string {
  if (message.includes('[10079]')) {
    return `Another deploy of this app ran at the same time, or its script has vanished. Wait until nothing else is deploying. ${REPAIR}`;
  }
  if (message.includes('[10021]') || /worker\.mjs:\d+/.test(message)) {
    return `Correct the source where the error points to. ${REPAIR}`;
  }
  if (message.includes('(429)') || message.includes('[971]')) return `Wait a minute. ${REPAIR}`;
  if (message.includes('[10000]') || message.includes('(403)')) {
    return `The platform has no access to its runtime: tell who runs it. ${REPAIR}`;
  }
  return `Wait a moment. ${REPAIR}`;
}

function link(envelope: Envelope): string {
  return envelope.url === undefined ? '' : ` (${envelope.url})`;
}

/** Ends with a full stop; several lines (an error with its position) stay as they are. */
function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed.includes('\n') || /[.!?…:)]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

function list(names: readonly string[]): string {
  const unique = [...new Set(names)];
  return unique.length < 2 ? unique.join('') : `${unique.slice(0, -1).join(', ')} and ${unique.at(-1) ?? ''}`;
}
