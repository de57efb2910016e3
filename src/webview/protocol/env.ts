import type { Loading, PanelAction, Trouble, Unavailable } from './messages.ts';

/** The fixed texts of the env webview, localised by the host. `{0}` and so on are filled in by the webview. */
export interface EnvStrings {
  readonly title: string;
  readonly loading: string;
  readonly refresh: string;
  readonly importEnv: string;
  readonly addHeading: string;
  readonly replaceHeading: string;
  readonly keyLabel: string;
  readonly keyPlaceholder: string;
  readonly valueLabel: string;
  readonly valueHint: string;
  /** {0} units used, {1} limit. */
  readonly length: string;
  readonly showValue: string;
  readonly hideValue: string;
  readonly add: string;
  readonly replace: string;
  readonly clear: string;
  readonly saving: string;
  /** {0} key. */
  readonly willReplace: string;
  /** {0} number of keys. */
  readonly listHeading: string;
  readonly filterLabel: string;
  readonly keyColumn: string;
  readonly valueColumn: string;
  readonly actionsColumn: string;
  readonly writeOnly: string;
  /** In the row of a key that no class reads, and why the panel says so. */
  readonly unused: string;
  readonly unusedAbout: string;
  /** {0} key. */
  readonly replaceKey: string;
  /** {0} key. */
  readonly deleteKey: string;
  readonly emptyTitle: string;
  readonly emptyDetail: string;
  /** {0} filter. */
  readonly noMatch: string;
  /** {0} shown, {1} all. */
  readonly matches: string;
  readonly platformHeading: string;
  readonly platformDetail: string;
  readonly importHeading: string;
  readonly importDetail: string;
  readonly importLabel: string;
  readonly importPlaceholder: string;
  readonly openFile: string;
  readonly close: string;
  readonly previewHeading: string;
  readonly selectAll: string;
  /** {0} key, {1} line. */
  readonly selectKey: string;
  readonly lineColumn: string;
  readonly effectColumn: string;
  readonly lengthColumn: string;
  readonly stateNew: string;
  readonly stateReplaces: string;
  readonly stateProblem: string;
  readonly rowWaiting: string;
  readonly rowRunning: string;
  readonly rowDone: string;
  /** {0} number of selected keys. */
  readonly apply: string;
  /** {0} which one, {1} of how many. */
  readonly applying: string;
  readonly stop: string;
  readonly stopping: string;
  readonly nothingToApply: string;
  readonly applyNote: string;
  readonly dismiss: string;
  /** {0} class name. */
  readonly ofClass: string;
  readonly cancel: string;
  /** {0} title of the way out that was taken. */
  readonly underWay: string;
}

export interface EnvRow {
  readonly key: string;
  /** What a person should know of this key, such as that the platform overwrites it. */
  readonly warning: string | undefined;
  /** No class of the app reads it; false when that is not known. */
  readonly isUnused: boolean;
}

/** Texts of the host. */
export interface ReadOnly {
  readonly reason: string;
  readonly action: PanelAction;
  /** Text of the button that does it. */
  readonly label: string;
}

/** A class that loses what its instances stored. */
export interface Loss {
  /** DO name. */
  readonly name: string;
  readonly className: string;
  /** Why, in a sentence. */
  readonly reason: string;
}

/** What any change would destroy as the app is now. */
export interface EnvRisk {
  readonly title: string;
  readonly losses: readonly Loss[];
  readonly note: string;
  /** Text of the button that brings the classes back. */
  readonly repair: string;
}

/** The part of the page from which a change came. */
export type QuestionPlace = 'form' | 'list' | 'import';

export interface AnswerToQuestion {
  /** Of the question. */
  readonly seq: number;
  /** Title of the way that the person takes; undefined for none. */
  readonly way: string | undefined;
}

export interface EnvReady {
  readonly kind: 'ready';
  /** `id` comes back with each change; only the host knows what it means. */
  readonly app: { readonly id: string; readonly name: string };
  readonly connection: string;
  readonly rows: readonly EnvRow[];
  /** What every change does to the classes of this app, by name, as a sentence. */
  readonly consequence: string;
  /** Whether any class restarts with a change. */
  readonly redeploys: boolean;
  /** Why nothing can be changed here and what to do about it, or undefined. */
  readonly readOnly: ReadOnly | undefined;
  readonly risk: EnvRisk | undefined;
  readonly trouble: Trouble | undefined;
  /** Names that the platform puts into `env` by itself. */
  readonly platformKeys: readonly { readonly key: string; readonly about: string }[];
  /** Longest value in UTF-16 units. */
  readonly maxValueLength: number;
}

export type EnvView = Loading | Unavailable | EnvReady;

/** One line of the import preview. It never holds a value. */
export interface PreviewRow {
  /** One-based line of the key. */
  readonly line: number;
  readonly key: string | undefined;
  readonly state: 'new' | 'replaces' | 'problem';
  /** Why it is a problem, or a warning about a key that can be set. */
  readonly message: string | undefined;
  /** UTF-16 units of the value; undefined for a problem. */
  readonly length: number | undefined;
}

export type EnvToWebview =
  | {
      readonly type: 'init';
      readonly strings: EnvStrings;
      readonly language: string;
      readonly view: EnvView;
    }
  | { readonly type: 'view'; readonly view: EnvView }
  | {
      readonly type: 'validated';
      /** Of the `validate` that this answers; older answers are dropped. */
      readonly seq: number;
      readonly keyMessage: string | undefined;
      readonly valueMessage: string | undefined;
      readonly warning: string | undefined;
      readonly replaces: boolean;
    }
  | { readonly type: 'preview'; readonly seq: number; readonly rows: readonly PreviewRow[] }
  | { readonly type: 'fileText'; readonly text: string; readonly message: string }
  | { readonly type: 'fileRefused'; readonly message: string; readonly nextStep: string }
  | {
      readonly type: 'changed';
      readonly change: 'set' | 'deleted';
      readonly key: string;
      readonly message: string;
    }
  | {
      readonly type: 'refused';
      readonly change: 'set' | 'delete';
      readonly key: string;
      readonly message: string;
      readonly nextStep: string;
    }
  /** The person gave the change up. */
  | { readonly type: 'kept'; readonly change: 'set' | 'delete'; readonly key: string }
  /** A change would destroy stored data: what the person wants. A later question takes the place of an earlier one. */
  | {
      readonly type: 'question';
      readonly seq: number;
      readonly place: QuestionPlace;
      readonly title: string;
      readonly losses: readonly Loss[];
      readonly notes: readonly string[];
      readonly ways: readonly { readonly title: string; readonly destroys: boolean }[];
    }
  /** The change that the question was about came to its end. */
  | { readonly type: 'questionOver'; readonly seq: number }
  /** A repair that was wanted for itself came to its end; `message` is undefined when the person gave it up. */
  | { readonly type: 'repairOver'; readonly failed: boolean; readonly message: string | undefined }
  | {
      readonly type: 'applyRow';
      readonly line: number;
      readonly state: 'running' | 'done' | 'failed';
      readonly message: string | undefined;
    }
  | { readonly type: 'applied'; readonly failed: boolean; readonly message: string }
  /** Opens the form for this key. */
  | { readonly type: 'edit'; readonly key: string };

export type EnvToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'refresh' }
  | { readonly type: 'action'; readonly action: PanelAction }
  | { readonly type: 'validate'; readonly seq: number; readonly key: string; readonly value: string }
  /** `appId` is the app that the person saw: the host refuses when the session has moved on. */
  | { readonly type: 'set'; readonly appId: string; readonly key: string; readonly value: string }
  | { readonly type: 'delete'; readonly appId: string; readonly key: string }
  | { readonly type: 'previewImport'; readonly seq: number; readonly text: string }
  | { readonly type: 'openFile' }
  | {
      readonly type: 'apply';
      readonly appId: string;
      readonly text: string;
      readonly lines: readonly number[];
    }
  | { readonly type: 'stopApply' }
  | ({ readonly type: 'answer' } & AnswerToQuestion)
  /** Brings the classes back that any change would destroy. */
  | { readonly type: 'repair'; readonly appId: string };

/**
 * What survives a reload of the window. Values and pasted text are secrets and must not be in it: the
 * editor writes this state to disk.
 */
export interface EnvPersisted {
  readonly key: string;
  readonly filter: string;
  readonly importOpen: boolean;
}

export interface EnvProtocol {
  readonly toWebview: EnvToWebview;
  readonly toHost: EnvToHost;
  readonly persisted: EnvPersisted;
}
