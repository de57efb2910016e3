/** Requests of an app, in all and by DO name and instance name. */
export interface Tally {
  readonly requests: number;
  readonly instances: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export const EMPTY_TALLY: Tally = { requests: 0, instances: {} };

export function addTallies(a: Tally, b: Tally): Tally {
  if (a.requests === 0 && Object.keys(a.instances).length === 0) return b;
  // Null prototypes: an instance may be called `__proto__`.
  const instances = Object.create(null) as Record<string, Record<string, number>>;
  for (const source of [a, b]) {
    for (const [name, counts] of Object.entries(source.instances)) {
      const sum = (instances[name] ??= Object.create(null) as Record<string, number>);
      for (const [instance, count] of Object.entries(counts)) sum[instance] = (sum[instance] ?? 0) + count;
    }
  }
  return { requests: a.requests + b.requests, instances };
}

/** The answer of the control socket as a tally; throws when it is none. */
export function readTally(json: string): Tally {
  const value: unknown = JSON.parse(json);
  if (!isRecord(value) || typeof value['requests'] !== 'number' || !isRecord(value['instances'])) {
    throw new TypeError('The runtime answered no counts.');
  }
  const instances = Object.create(null) as Record<string, Record<string, number>>;
  for (const [name, counts] of Object.entries(value['instances'])) {
    if (!isRecord(counts)) continue;
    const own = (instances[name] = Object.create(null) as Record<string, number>);
    for (const [instance, count] of Object.entries(counts))
      if (typeof count === 'number') own[instance] = count;
  }
  return { requests: value['requests'], instances };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
