import * as vscode from 'vscode';

/** Absolute local date and time of an ISO time, in the editor's language. */
export function formatTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'medium', timeStyle: 'medium' }).format(
    time,
  );
}

/** The same in as few characters as tell two deploys apart, for a narrow view. */
export function formatShortTime(iso: string): string {
  const style = { dateStyle: 'short', timeStyle: 'medium' } as const;
  return new Intl.DateTimeFormat(vscode.env.language, style).format(new Date(iso));
}

/** How long ago an ISO time was, in the editor's language: `3 min. ago`. */
export function formatAgo(iso: string, now: number = Date.now()): string {
  const seconds = Math.max(0, now - Date.parse(iso)) / 1000;
  const words = new Intl.RelativeTimeFormat(vscode.env.language, { numeric: 'auto', style: 'short' });
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  for (const [unit, length] of units) {
    if (seconds >= length) return words.format(-Math.floor(seconds / length), unit);
  }
  return vscode.l10n.t('just now');
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(vscode.env.language, { maximumFractionDigits: 1 }).format(value);
}

/** CPU time for people: `840 ms`, `12.4 s`, `3.1 min`. */
export function formatCpu(ms: number): string {
  if (ms < 1000) return vscode.l10n.t('{0} ms', formatNumber(Math.round(ms)));
  if (ms < 120_000) return vscode.l10n.t('{0} s', formatNumber(ms / 1000));
  return vscode.l10n.t('{0} min', formatNumber(ms / 60_000));
}

/** A size in bytes for people. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return vscode.l10n.t('{0} bytes', formatNumber(bytes));
  if (bytes < 1024 * 1024) return vscode.l10n.t('{0} KB', formatNumber(bytes / 1024));
  return vscode.l10n.t('{0} MB', formatNumber(bytes / (1024 * 1024)));
}
