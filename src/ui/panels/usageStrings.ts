import * as vscode from 'vscode';
import type { UsageStrings } from '../../webview/protocol/usage.ts';
import type { Connection } from '../session/session.ts';

/** The texts of the usage panel in the editor's language. */
export function usageStrings(): UsageStrings {
  const { l10n } = vscode;
  return {
    title: l10n.t('Usage'),
    loading: l10n.t('Loading…'),
    refresh: l10n.t('Refresh'),
    refreshing: l10n.t('Refreshing…'),
    requests: l10n.t('Requests'),
    cpuTime: l10n.t('CPU time'),
    appWide: l10n.t('app-wide'),
    requestCount: l10n.t('{0} requests'),
    milliseconds: l10n.t('{0} ms'),
    readAt: l10n.t('Read at {0}.'),
    chartHeading: l10n.t('Over time'),
    metric: l10n.t('What the chart shows'),
    tooFewTitle: l10n.t('Not enough samples yet'),
    tooFewDetail: l10n.t(
      'The platform keeps no history. Each time the usage is read, a sample is kept on this machine; the chart starts with the second one.',
    ),
    chartSummary: l10n.t('{0}: {1} samples from {2} to {3}; the last one is {4}.'),
    chartHint: l10n.t('Arrow keys move from sample to sample. The table below has all of them.'),
    point: l10n.t('{0}: {1}'),
    monthStarts: l10n.t('{0} begins'),
    counterReset: l10n.t('counted anew'),
    showTable: l10n.t('Samples as a table'),
    timeColumn: l10n.t('Time'),
    requestsColumn: l10n.t('Requests'),
    cpuColumn: l10n.t('CPU ms'),
    changeColumn: l10n.t('Requests added'),
    tableCaption: l10n.t('Samples of the usage, newest first'),
    latestOf: l10n.t('The newest {0} of {1} samples.'),
    noChange: l10n.t('none'),
  };
}

/** What the numbers count and how fresh they are. */
export function freshness(kind: Connection['kind']): string {
  return kind === 'local'
    ? vscode.l10n.t('App-wide totals of all classes in the current UTC month, counted live on this machine.')
    : vscode.l10n.t(
        'App-wide totals of all classes in the current UTC month, refreshed every 15 minutes by the platform.',
      );
}

/** The UTC month of a moment, as a person says it. */
export function monthName(at: number): string {
  const month = new Intl.DateTimeFormat(vscode.env.language, {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(at);
  return vscode.l10n.t('{0} (UTC)', month);
}
