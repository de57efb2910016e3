/** One measured number and the limit that it must keep. */
export type Measurement = { readonly name: string; readonly value: number } & (
  { readonly atMost: number } | { readonly atLeast: number }
);

/** Prints the number with its share of the limit, and makes the process fail when the limit is not kept. */
export function compare(measurement: Measurement): void {
  const { name, value } = measurement;
  const most = 'atMost' in measurement;
  const limit = most ? measurement.atMost : measurement.atLeast;
  const kept = most ? value <= limit : value >= limit;
  const ratio = (value / limit).toFixed(2);
  console.log(
    `${kept ? '✔' : '✘'} ${name}: ${round(value)} of ${most ? 'at most' : 'at least'} ${limit}, ratio ${ratio}`,
  );
  if (!kept) process.exitCode = 1;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('There is no number to take the median of.');
  return middle;
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
