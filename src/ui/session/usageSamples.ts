/** One reading of an app's month-to-date usage. */
export interface UsageSample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly requests: number;
  readonly cpuMs: number;
}

/** Most samples kept of one app: 60 s apart, that is about a day and a half of watching. */
export const MAX_SAMPLES = 2000;

/**
 * The samples with one more. Of three equal readings in a row the middle one is dropped (a flat line
 * needs its ends only), and beyond `max` every second of the older half goes.
 */
export function withSample(
  samples: readonly UsageSample[],
  sample: UsageSample,
  max: number = MAX_SAMPLES,
): readonly UsageSample[] {
  const last = samples.at(-1);
  const before = samples.at(-2);
  if (last !== undefined && sample.at <= last.at) return samples;
  const flat = last !== undefined && before !== undefined && equal(before, last) && equal(last, sample);
  const next = [...(flat ? samples.slice(0, -1) : samples), sample];
  return next.length <= max ? next : thin(next);
}

function equal(a: UsageSample, b: UsageSample): boolean {
  return a.requests === b.requests && a.cpuMs === b.cpuMs;
}

function thin(samples: readonly UsageSample[]): readonly UsageSample[] {
  const half = Math.floor(samples.length / 2);
  return samples.filter((_sample, index) => index >= half || index % 2 === 0);
}
