import { ACCESS_MODES, isAccessMode, type AccessMode } from '../../core/model/app.ts';
import { MAX_ENV_VALUE_LENGTH } from '../../core/model/names.ts';

/**
 * The platform checks bodies with zod 3 and lets its exception through. These checks make the same issues, in
 * the same order of fields, as recorded.
 */
export type Issue = Readonly<Record<string, unknown>> & {
  readonly path: readonly string[];
  readonly message: string;
};

export class BodyError extends Error {
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super(JSON.stringify(issues, null, 2));
    this.name = 'ZodError';
    this.issues = issues;
  }
}

export interface RegisterBody {
  readonly name: string;
  readonly code: string;
  readonly accessMode: AccessMode;
}

/** @throws BodyError */
export function readRegisterBody(body: unknown): RegisterBody {
  const fields = readObject(body);
  const issues: Issue[] = [];
  const name = readText(fields, 'name', issues);
  const code = readText(fields, 'code', issues);
  const accessMode = readAccessMode(fields['access_mode'], issues);
  if (issues.length > 0) throw new BodyError(issues);
  return { name, code, accessMode };
}

/** The value of a `PUT …/env/:key`. @throws BodyError */
export function readEnvBody(body: unknown): string {
  const { value } = readObject(body);
  if (typeof value !== 'string') throw new BodyError([wrongType(value, 'string', ['value'])]);
  if (value.length > MAX_ENV_VALUE_LENGTH) {
    throw new BodyError([
      {
        code: 'too_big',
        maximum: MAX_ENV_VALUE_LENGTH,
        type: 'string',
        inclusive: true,
        exact: false,
        message: 'Env value too long (max 8 KB).',
        path: ['value'],
      },
    ]);
  }
  return value;
}

/** @throws BodyError */
export function readPauseBody(body: unknown): { readonly paused: boolean; readonly reason: string | null } {
  const { paused, reason } = readObject(body);
  const issues: Issue[] = [];
  if (typeof paused !== 'boolean') issues.push(wrongType(paused, 'boolean', ['paused']));
  if (reason !== undefined && typeof reason !== 'string') {
    issues.push(wrongType(reason, 'string', ['reason']));
  } else if (typeof reason === 'string' && reason.length > MAX_REASON_LENGTH) {
    issues.push({
      code: 'too_big',
      maximum: MAX_REASON_LENGTH,
      type: 'string',
      inclusive: true,
      exact: false,
      message: `String must contain at most ${MAX_REASON_LENGTH} character(s)`,
      path: ['reason'],
    });
  }
  if (issues.length > 0) throw new BodyError(issues);
  return { paused: paused === true, reason: typeof reason === 'string' ? reason : null };
}

const MAX_REASON_LENGTH = 500;

function readObject(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new BodyError([wrongType(body, 'object', [])]);
  }
  return body as Record<string, unknown>;
}

function readText(fields: Record<string, unknown>, name: string, issues: Issue[]): string {
  const value = fields[name];
  if (typeof value !== 'string') {
    issues.push(wrongType(value, 'string', [name]));
    return '';
  }
  if (value === '') {
    issues.push({
      code: 'too_small',
      minimum: 1,
      type: 'string',
      inclusive: true,
      exact: false,
      message: 'String must contain at least 1 character(s)',
      path: [name],
    });
  }
  return value;
}

function readAccessMode(value: unknown, issues: Issue[]): AccessMode {
  if (value === undefined) return 'authenticated';
  if (isAccessMode(value)) return value;
  const path = ['access_mode'];
  const expected = ACCESS_MODES.map((mode) => `'${mode}'`).join(' | ');
  if (typeof value === 'string') {
    issues.push({
      received: value,
      code: 'invalid_enum_value',
      options: ACCESS_MODES,
      path,
      message: `Invalid enum value. Expected ${expected}, received '${value}'`,
    });
  } else {
    const received = typeName(value);
    issues.push({
      expected,
      received,
      code: 'invalid_type',
      path,
      message: `Expected ${expected}, received ${received}`,
    });
  }
  return 'authenticated';
}

function wrongType(value: unknown, expected: string, path: readonly string[]): Issue {
  const received = typeName(value);
  const message = value === undefined ? 'Required' : `Expected ${expected}, received ${received}`;
  return { code: 'invalid_type', expected, received, path, message };
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
