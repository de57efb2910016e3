const DAY_MS = 86_400_000;

/** `Retry-After`: seconds or a date, as milliseconds from now; at most a day. Undefined when it says neither. */
export function headerWait(value: string | undefined): number | undefined {
  const text = value?.trim() ?? '';
  if (text === '') return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), DAY_MS);
}
