/** What the platform says about apps and their Durable Object classes. Field names are ours; the wire's are in src/platform. */

export const ACCESS_MODES = ['public', 'authenticated', 'service_key'] as const;

/** Who may call an instance from outside. Only the shape of the Authorization header is checked by the platform. */
export type AccessMode = (typeof ACCESS_MODES)[number];

export function isAccessMode(value: unknown): value is AccessMode {
  return (ACCESS_MODES as readonly unknown[]).includes(value);
}

export interface App {
  readonly id: string;
  readonly name: string;
  /** Undefined while the app has none; then its instances have no public address. */
  readonly subdomain: string | undefined;
  readonly region: string | undefined;
}

/** Row states of the platform. `BUILDING` is left behind by a deploy that died; `ERROR` rows are not part of the module. */
export type ClassStatus = 'PENDING' | 'BUILDING' | 'READY' | 'ERROR';

/** One row of the platform: a Durable Object class under its DO name. */
export interface DoClass {
  readonly id: string;
  readonly name: string;
  readonly className: string;
  readonly status: ClassStatus;
  readonly accessMode: AccessMode;
  /** ISO 8601 UTC, or undefined when no deploy of it ever succeeded. */
  readonly lastDeployedAt: string | undefined;
  readonly errorMessage: string | undefined;
}

/** A row with its source as last submitted; of an ERROR row that is not what runs. */
export interface DoClassDetail extends DoClass {
  readonly code: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** App-wide totals of the current UTC month; hosted, they are refreshed every 15 minutes. */
export interface Usage {
  readonly requests: number;
  readonly cpuMs: number;
}
