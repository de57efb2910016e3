import * as z from 'zod';

/** What a platform's error answer says, whatever its shape. */
export interface Envelope {
  /** Stable and machine-readable: `VALIDATION_INVALID_SCHEMA`, `account_soft_locked`, `NO_ROUTE`. */
  readonly code: string;
  readonly message: string;
  /** What the platform suggests; written for its own MCP server and API users. */
  readonly remediation: string | undefined;
  /** A page for people: documentation, or where to upgrade. Always http or https. */
  readonly url: string | undefined;
  /** Names and complaints of the fields that a validation refused, when the platform names them. */
  readonly fields: readonly { readonly field: string; readonly message: string }[];
}

/** The platform's answer to a route it does not have. */
export const NO_ROUTE = 'NO_ROUTE';

/** A: most errors. */
const shapeA = z.object({
  error: z.object({
    code: z.string().min(1),
    message: z.string(),
    remediation: z.string().optional().catch(undefined),
    documentation_url: z.string().optional().catch(undefined),
    details: z.unknown().optional(),
  }),
});

/** C: the router's own. Checked before B, which it would fit too. */
const shapeC = z.object({ message: z.string(), error: z.string(), statusCode: z.number() });

/** B: billing and migration guards; some routes put the whole sentence into `error`. */
const shapeB = z.object({
  error: z.string().min(1),
  message: z.string().optional(),
  upgradeUrl: z.string().optional().catch(undefined),
});

/** `GET /apps/:id/status`. */
const shapeStatus = z.object({ code: z.string().min(1), message: z.string() });

/** Reads an error answer in any of the platform's shapes; undefined when it is none of them. */
export function readEnvelope(text: string, status: number): Envelope | undefined {
  const json = parse(text);
  const a = shapeA.safeParse(json);
  if (a.success) {
    const { code, message, remediation, documentation_url: url, details } = a.data.error;
    return { code, message, remediation, url: webUrl(url), fields: fieldsOf(details) };
  }
  const c = shapeC.safeParse(json);
  if (c.success) {
    const code = c.data.statusCode === 404 ? NO_ROUTE : `HTTP_${c.data.statusCode}`;
    return { code, message: c.data.message, remediation: undefined, url: undefined, fields: [] };
  }
  const b = shapeB.safeParse(json);
  if (b.success) {
    const { error, message = error, upgradeUrl } = b.data;
    const code = /^\w+$/.test(error) ? error : `HTTP_${status}`;
    return { code, message, remediation: undefined, url: webUrl(upgradeUrl), fields: [] };
  }
  const flat = shapeStatus.safeParse(json);
  if (flat.success) {
    return { ...flat.data, remediation: undefined, url: undefined, fields: [] };
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A link that may be offered to a person: nothing but http and https. */
function webUrl(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : undefined;
}

const issues = z.array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }));
const zodDetails = z.object({ error_class: z.literal('ZodError'), error_message: z.string() });

/** Validation complaints: a list, or (platforms that are not in production) the text of a ZodError. */
function fieldsOf(details: unknown): { field: string; message: string }[] {
  const wrapped = zodDetails.safeParse(details);
  const list = issues.safeParse(wrapped.success ? parse(wrapped.data.error_message) : details);
  if (!list.success) return [];
  return list.data.map(({ path, message }) => ({ field: path.join('.'), message }));
}
