/** What every message between a panel's host and its webview has in common. */

/** The two directions of a panel's messages, and what its webview keeps over a reload. */
export interface Protocol {
  readonly toWebview: { readonly type: string };
  readonly toHost: { readonly type: string };
  readonly persisted: object;
}

/**
 * One handler per message type of the union `M`: leaving one out, or handling one that does not exist, does
 * not compile.
 */
export type Handlers<M extends { readonly type: string }> = {
  readonly [T in M['type']]: (message: Extract<M, { readonly type: T }>) => void;
};

/** What a person can do about a panel that has nothing to show. The host maps each to one fixed command. */
export type PanelAction =
  'retry' | 'openFolder' | 'trust' | 'startLocal' | 'signIn' | 'selectApp' | 'showLog';

/** A panel without content: why, and what to do about it. All texts come localised from the host. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly title: string;
  readonly detail: string;
  readonly actions: readonly { readonly action: PanelAction; readonly label: string }[];
}

export interface Loading {
  readonly kind: 'loading';
}

/** A failed read while older data is still shown. */
export interface Trouble {
  readonly message: string;
  readonly nextStep: string;
}
