import type { Metric, UsageSample } from '../protocol/usage.ts';

/** A place where the counter began anew. */
export interface Reset {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `month`: a UTC month began. `drop`: the platform counts from less than before, for example after its state was removed. */
  readonly kind: 'month' | 'drop';
}

/** Points of a chart of one metric. */
export interface Series {
  /** Seconds since the epoch, strictly rising. */
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  /** Indexes of the points that begin a line of their own; the first is 0. */
  readonly starts: readonly number[];
  readonly resets: readonly Reset[];
}

/**
 * The points of one metric. Totals are of a UTC month and begin at 0 with it, so at each month boundary
 * between two samples the line ends and another one begins from 0; at any other fall it only breaks.
 */
export function seriesOf(samples: readonly UsageSample[], metric: Metric): Series {
  const xs: number[] = [];
  const ys: number[] = [];
  const starts: number[] = [];
  const resets: Reset[] = [];
  let previous: UsageSample | undefined;
  for (const sample of samples) {
    if (previous !== undefined && sample.at <= previous.at) continue;
    const reset = previous === undefined ? undefined : resetBetween(previous, sample);
    if (previous === undefined || reset !== undefined) starts.push(xs.length);
    if (reset !== undefined) resets.push(reset);
    if (reset?.kind === 'month' && reset.at < sample.at) {
      xs.push(reset.at / 1000);
      ys.push(0);
    }
    xs.push(sample.at / 1000);
    ys.push(sample[metric]);
    previous = sample;
  }
  return { xs, ys, starts, resets };
}

export interface TableRow {
  readonly sample: UsageSample;
  /** Against the sample before; undefined for the first one and after a reset. */
  readonly added: { readonly requests: number; readonly cpuMs: number } | undefined;
  readonly reset: Reset | undefined;
}

/** The samples as rows, newest first. */
export function tableRows(samples: readonly UsageSample[]): readonly TableRow[] {
  return samples
    .map((sample, index): TableRow => {
      const previous = samples[index - 1];
      if (previous === undefined) return { sample, added: undefined, reset: undefined };
      const reset = resetBetween(previous, sample);
      const added =
        reset === undefined
          ? { requests: sample.requests - previous.requests, cpuMs: sample.cpuMs - previous.cpuMs }
          : undefined;
      return { sample, added, reset };
    })
    .reverse();
}

/** The last reset between two samples, if there was one. */
function resetBetween(before: UsageSample, after: UsageSample): Reset | undefined {
  const month = monthStart(after.at);
  if (before.at < month) return { at: month, kind: 'month' };
  if (after.requests < before.requests || after.cpuMs < before.cpuMs) {
    return { at: (before.at + after.at) / 2, kind: 'drop' };
  }
  return undefined;
}

/** When the UTC month of `at` began, in milliseconds since the epoch. */
export function monthStart(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}
