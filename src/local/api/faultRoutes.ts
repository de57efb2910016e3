import type { FastifyInstance } from 'fastify';
import { FAULT_NAMES, type Fault, type FaultSwitch } from '../service/faultSwitch.ts';
import { ownApp, type ApiParts } from './apiParts.ts';
import { requireKey } from './auth.ts';
import { errorBody, HttpError } from './errors.ts';

/** Longest delay of a call, ms. */
const MAX_SLOW_MS = 600_000;

/**
 * The fault switch, only on a platform that was started with it: `POST /_local/faults {appId, faults}` lets the next
 * calls to Cloudflare fail, `GET /_local/faults/:appId` answers the calls so far.
 */
export function addFaultRoutes(server: FastifyInstance, parts: ApiParts, faults: FaultSwitch): void {
  server.post('/_local/faults', (request) => {
    requireKey(request);
    const { appId, faults: wanted } = readBody(request.body);
    ownApp(parts, request, appId);
    faults.add(appId, ...wanted);
    return { appId, added: wanted.length };
  });

  server.delete<{ Params: { appId: string } }>('/_local/faults/:appId', (request) => {
    const { appId } = request.params;
    ownApp(parts, request, appId);
    return { appId, removed: faults.clear(appId) };
  });

  server.get<{ Params: { appId: string } }>('/_local/faults/:appId', (request) => {
    const { appId } = request.params;
    ownApp(parts, request, appId);
    return { calls: faults.calls(appId).map(({ call, status }) => ({ ...call, status })) };
  });
}

function readBody(body: unknown): { appId: string; faults: readonly Fault[] } {
  const { appId, faults } = (body ?? {}) as { appId?: unknown; faults?: unknown };
  if (typeof appId !== 'string' || !Array.isArray(faults))
    throw badBody('{"appId": "…", "faults": [{"name": "…"}]}');
  return { appId, faults: faults.map(readFault) };
}

function readFault(value: unknown): Fault {
  const { name, on, slowMs } = (value ?? {}) as Record<keyof Fault, unknown>;
  const known = FAULT_NAMES.find((each) => each === name);
  if (known === undefined) throw badBody(`a fault's name is one of ${FAULT_NAMES.join(', ')}`);
  if (on !== undefined && on !== 'change' && on !== 'lookUp') throw badBody('"on" is "change" or "lookUp"');
  if (slowMs !== undefined && !isDelay(slowMs)) throw badBody(`"slowMs" is a number up to ${MAX_SLOW_MS}`);
  return { name: known, on, slowMs };
}

function isDelay(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_SLOW_MS;
}

function badBody(expected: string): HttpError {
  const message = `The body is not as expected: ${expected}.`;
  return new HttpError(400, errorBody({ code: 'INVALID_FAULTS', message, remediation: 'Correct the body.' }));
}
