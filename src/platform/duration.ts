/** Milliseconds as whole seconds in words: `55 seconds`, `1 second`. */
export function seconds(ms: number): string {
  const count = Math.max(1, Math.ceil(ms / 1000));
  return count === 1 ? '1 second' : `${count} seconds`;
}
