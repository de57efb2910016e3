import http from 'node:http';
import { DoError, ERROR_CODES } from '../../core/errors.ts';

/** Where the embedded platform listens and the key it asks for. */
export interface LocalAddress {
  readonly url: string;
  readonly apiKey: string;
}

/** A stream of events; ends when the platform does, when it falls silent, or when it is closed. */
export interface EventStream {
  close(): void;
}

/** The platform sends a ping every 10 s; after this silence (ms) the stream counts as dead. */
const SILENCE_MS = 35_000;

/**
 * One JSON request to a private route of the embedded platform. Plain node:http, so that nothing heavy is
 * loaded for it. Throws DoError: `UNREACHABLE`, `TIMEOUT`, `BAD_RESPONSE`, or the code that it answered.
 */
export async function localRequest(
  address: LocalAddress,
  method: 'GET' | 'POST',
  path: string,
  timeoutMs = 5000,
  body?: unknown,
): Promise<unknown> {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const request = http.request(
      new URL(path, address.url),
      {
        method,
        headers: {
          authorization: `Bearer ${address.apiKey}`,
          ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        },
        timeout: timeoutMs,
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
        response.on('error', (error) => reject(unreachable(error)));
      },
    );
    request.on('timeout', () => request.destroy(timedOut(timeoutMs)));
    request.on('error', (error) => reject(error instanceof DoError ? error : unreachable(error)));
    request.end(sent);
  });
  const answer = parseJson(text);
  if (status >= 200 && status < 300) return answer;
  throw refusal(status, answer);
}

/** Opens `/_local/events` and hands over each event but pings. `onEnd` is called once, unless it was closed. */
export function openEvents(
  address: LocalAddress,
  onEvent: (event: unknown) => void,
  onEnd: () => void,
): EventStream {
  let closed = false;
  let silence: NodeJS.Timeout | undefined;
  const end = (): void => {
    clearTimeout(silence);
    request.destroy();
    if (closed) return;
    closed = true;
    onEnd();
  };
  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(end, SILENCE_MS);
    silence.unref();
  };
  const request = http.request(
    new URL('/_local/events', address.url),
    { headers: { authorization: `Bearer ${address.apiKey}` }, agent: false },
    (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        end();
        return;
      }
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        heard();
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const event = line.trim() === '' ? undefined : parseJson(line);
          if (event !== undefined && !isPing(event)) onEvent(event);
        }
      });
      response.on('close', end);
      response.on('error', end);
    },
  );
  request.on('error', end);
  request.end();
  heard();
  return {
    close: () => {
      closed = true;
      end();
    },
  };
}

function isPing(event: unknown): boolean {
  return isRecord(event) && event['type'] === 'ping';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function refusal(status: number, body: unknown): DoError {
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : {};
  const text = (key: string): string | undefined => (typeof error[key] === 'string' ? error[key] : undefined);
  return new DoError({
    code: text('code') ?? ERROR_CODES.badResponse,
    message: text('message') ?? `The embedded platform answered with HTTP ${status}.`,
    nextStep: text('remediation') ?? 'Restart the local platform.',
    status,
  });
}

function unreachable(cause: unknown): DoError {
  return new DoError({
    code: ERROR_CODES.unreachable,
    message: 'The embedded platform does not answer.',
    nextStep: 'Start the local platform again.',
    cause,
  });
}

function timedOut(timeoutMs: number): DoError {
  return new DoError({
    code: ERROR_CODES.timeout,
    message: `The embedded platform gave no answer within ${timeoutMs / 1000} seconds.`,
    nextStep: 'Restart the local platform.',
  });
}
