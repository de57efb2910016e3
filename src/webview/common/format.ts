/** Numbers and times as the editor's language writes them. */
export interface Format {
  readonly number: (value: number) => string;
  /** Short, for axes: 12.3K. */
  readonly compact: (value: number) => string;
  /** Time of day in the person's own time zone. */
  readonly time: (at: number) => string;
  /** Time of day with seconds. */
  readonly clock: (at: number) => string;
  /** Day and time of day. */
  readonly moment: (at: number) => string;
  /** Day of the month, for axes. */
  readonly day: (at: number) => string;
  /** Name of a UTC month. */
  readonly month: (at: number) => string;
}

export function formatOf(language: string): Format {
  const locale = Intl.DateTimeFormat.supportedLocalesOf([language]).at(0) ?? 'en';
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 2 });
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const moment = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  const month = new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' });
  return {
    number: (value) => number.format(value),
    compact: (value) => compact.format(value),
    time: (at) => time.format(at),
    clock: (at) => clock.format(at),
    moment: (at) => moment.format(at),
    day: (at) => day.format(at),
    month: (at) => month.format(at),
  };
}
