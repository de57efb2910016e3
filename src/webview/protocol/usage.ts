import type { Loading, PanelAction, Trouble, Unavailable } from './messages.ts';

/** The fixed texts of the usage webview, localised by the host. `{0}` and so on are filled in by the webview. */
export interface UsageStrings {
  readonly title: string;
  readonly loading: string;
  readonly refresh: string;
  readonly refreshing: string;
  readonly requests: string;
  readonly cpuTime: string;
  readonly appWide: string;
  /** {0} number of requests. */
  readonly requestCount: string;
  /** {0} milliseconds. */
  readonly milliseconds: string;
  /** {0} time of day. */
  readonly readAt: string;
  readonly chartHeading: string;
  readonly metric: string;
  readonly tooFewTitle: string;
  readonly tooFewDetail: string;
  /** {0} metric, {1} number of samples, {2} first time, {3} last time, {4} last value. */
  readonly chartSummary: string;
  readonly chartHint: string;
  /** {0} time, {1} value. */
  readonly point: string;
  /** {0} name of the month. */
  readonly monthStarts: string;
  readonly counterReset: string;
  readonly showTable: string;
  readonly timeColumn: string;
  readonly requestsColumn: string;
  readonly cpuColumn: string;
  readonly changeColumn: string;
  readonly tableCaption: string;
  /** {0} shown, {1} all. */
  readonly latestOf: string;
  readonly noChange: string;
}

/** Totals of the app's current UTC month as they were read at `at`. */
export interface UsageSample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly requests: number;
  readonly cpuMs: number;
}

export interface UsageReady {
  readonly kind: 'ready';
  readonly app: string;
  readonly connection: string;
  /** Which month the totals are of, as a person says it. */
  readonly month: string;
  readonly now: UsageSample;
  /** How fresh the numbers are and what they count. */
  readonly freshness: string;
  /** Oldest first. */
  readonly samples: readonly UsageSample[];
  readonly trouble: Trouble | undefined;
}

export type UsageView = Loading | Unavailable | UsageReady;

export type UsageToWebview =
  | {
      readonly type: 'init';
      readonly strings: UsageStrings;
      readonly language: string;
      readonly view: UsageView;
    }
  | { readonly type: 'view'; readonly view: UsageView }
  | { readonly type: 'refreshing'; readonly on: boolean };

export type UsageToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'refresh' }
  | { readonly type: 'action'; readonly action: PanelAction };

export type Metric = 'requests' | 'cpuMs';

/** What survives a reload of the window. */
export interface UsagePersisted {
  readonly metric: Metric;
  readonly tableOpen: boolean;
}

export interface UsageProtocol {
  readonly toWebview: UsageToWebview;
  readonly toHost: UsageToHost;
  readonly persisted: UsagePersisted;
}
