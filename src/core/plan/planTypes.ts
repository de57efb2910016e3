import type { AccessMode, DoClass } from '../model/app.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Knowledge } from './knowledge.ts';
import type { ModelRow, RefusalCode } from './platformModel.ts';
import type { StuckState } from './stuck.ts';

/** What is known of an app when a change of it is planned. */
export interface PlannedApp {
  /** The list as the platform answers it. */
  readonly rows: readonly DoClass[];
  /** Keys of the app's environment; undefined when they are not known. */
  readonly envKeys: readonly string[] | undefined;
  /** Keys of the variables of the whole app, as far as they are known: its classes get those, too. */
  readonly appEnvKeys?: readonly string[] | undefined;
  /** What is remembered from earlier; without it, what the list does not say is judged on the safe side. */
  readonly knowledge?: Knowledge | undefined;
  /** The classes that the folder has files for. */
  readonly manifest?: Manifest | undefined;
  /** Sources of rows as last submitted, by DO name, as far as they were read. */
  readonly sources?: ReadonlyMap<string, string> | undefined;
}

export type WantedChange =
  | WantedDeploy
  | ({ readonly kind: 'delete'; readonly name: string } & ModuleFacts)
  | ({ readonly kind: 'setEnv'; readonly key: string; readonly value?: string } & ModuleFacts)
  | ({ readonly kind: 'deleteEnv'; readonly key: string } & ModuleFacts)
  /** An env change whose key is not known yet. */
  | ({ readonly kind: 'redeploy' } & ModuleFacts);

export interface WantedDeploy extends ModuleFacts {
  readonly kind: 'deploy';
  readonly name: string;
  readonly className: string;
  /** The source to deploy, as far as it is needed: to compare it, and to know how large the request is. */
  readonly code?: string;
  readonly accessMode?: AccessMode;
  /** Whether source and access mode are those of the row; found out from `code` and the app's sources when left out. */
  readonly sameAsDeployed?: boolean;
}

/** What is known of the module that the change uploads. */
export interface ModuleFacts {
  /** Its size in UTF-8 bytes. */
  readonly moduleBytes?: number | undefined;
  /** Why it does not load, from a workerd that tried; undefined when it does or was not tried. */
  readonly loadError?: string | undefined;
}

/** What becomes of a class that keeps its storage, or has none. */
export type KeptKind =
  /** Was not there before. */
  | 'created'
  /** Gets new source or another access mode; its instances restart. */
  | 'updated'
  /** Is deployed as it is; its instances restart all the same. */
  | 'unchanged'
  /** Not meant by the change, but its instances restart and their WebSockets drop. */
  | 'evicted'
  /** Its row goes; nothing is stored under it that would be lost. */
  | 'removed'
  /** Meant by the change, which fails: its row is in ERROR afterwards, and what ran before runs on. */
  | 'failed'
  /** Not deployed, and not touched. */
  | 'idle';

export type FateKind = KeptKind | 'destroyed';

/** Why a class loses what its instances stored. */
export type DestroyCause =
  /** The change deletes it. */
  | 'deleted'
  /** Its DO name is deployed with another class. */
  | 'renamed'
  /** Its row is in ERROR, so that uploads leave it out. */
  | 'inError'
  /** A deploy that failed, or that is under way, gave its row another class. */
  | 'rowRenamed'
  /** Its row was deleted while the upload without it failed: it runs on without a row. */
  | 'rowGone';

/** What a person can do instead of losing data, or about an obstacle. */
export type WayOut =
  | {
      readonly kind: 'keepClassName';
      readonly name: string;
      readonly className: string;
      readonly text: string;
    }
  | { readonly kind: 'deployBeside'; readonly className: string; readonly text: string }
  /** Deploy it first as it last worked; `source` is its file, when the manifest has one. */
  | {
      readonly kind: 'repair';
      readonly name: string;
      readonly className: string;
      readonly source: string | undefined;
      readonly text: string;
    }
  | { readonly kind: 'renameClass'; readonly name: string; readonly className: string; readonly text: string }
  | { readonly kind: 'deleteClass'; readonly name: string; readonly text: string }
  | { readonly kind: 'deleteKey'; readonly key: string; readonly text: string };

export interface DestroyedFate {
  /** DO name that the class was deployed under. */
  readonly name: string;
  readonly className: string;
  readonly kind: 'destroyed';
  /** A sentence for a person. */
  readonly reason: string;
  readonly cause: DestroyCause;
  /** False when the class may have gone before: the platform does not say, and nobody here saw it. */
  readonly certain: boolean;
  readonly waysOut: readonly WayOut[];
}

export interface KeptFate {
  /** DO name of the row. */
  readonly name: string;
  readonly className: string;
  readonly kind: KeptKind;
  /** A sentence for a person. */
  readonly reason: string;
}

export type ClassFate = DestroyedFate | KeptFate;

/** Why the platform would refuse or fail the change. */
export interface Obstacle {
  readonly code:
    | 'INVALID_NAME'
    | 'INVALID_ENV_KEY'
    | 'RESERVED_ENV_KEY'
    | 'ENV_VALUE_TOO_LONG'
    | 'NO_SUCH_CLASS'
    | 'UNREACHABLE_NAME'
    | 'BODY_TOO_LARGE'
    | 'DUPLICATE_CLASS_NAME'
    | 'TOO_MANY_CLASSES'
    | 'BUNDLE_TOO_LARGE'
    | 'ENV_BINDING_COLLISION'
    | 'MODULE_DOES_NOT_LOAD';
  readonly message: string;
  readonly nextStep: string;
  /** What the platform keeps of the refused change. */
  readonly leaves: 'nothing' | 'rowInError' | 'storedKey' | 'deletedRow' | 'deletedKey';
  readonly waysOut: readonly WayOut[];
}

/** Something to know that does not stop the change. */
export interface Caution {
  readonly kind:
    /** A row whose uploaded class may have another name than the row says. */
    | 'unsureClass'
    /** Another change of the app seems to be under way. */
    | 'underWay'
    /** The key will be in the way of a class that is not active now. */
    | 'keyBlocks'
    /** The platform puts its own value over the key. */
    | 'keyOverwritten'
    /** The class could never be read or deleted again under its name. */
    | 'unreachableName'
    | 'moduleNearLimit';
  /** A DO name or an env key. */
  readonly about: string;
  readonly text: string;
}

/** What the platform sends to Cloudflare. */
export type PlannedUpload =
  | {
      readonly kind: 'module';
      /** Class names in the module, in the order of their DO names. */
      readonly classNames: readonly string[];
      readonly newClasses: readonly string[];
      readonly deletedClasses: readonly string[];
    }
  /** The whole script goes: no class is active any more. */
  | { readonly kind: 'removal'; readonly deletedClasses: readonly string[] };

export interface Plan {
  readonly fates: readonly ClassFate[];
  /** Whether the app's module is uploaded again, so that every instance restarts. */
  readonly redeploys: boolean;
  readonly obstacle: Obstacle | undefined;
  /** Undefined when nothing is sent. */
  readonly upload: PlannedUpload | undefined;
  /** Why the platform answers with an error although nothing stands in the way (`NO_SCRIPT`), or because of the obstacle. */
  readonly refusal: RefusalCode | undefined;
  /** Rows and keys as they are afterwards, when Cloudflare does what it is asked. */
  readonly rowsAfter: readonly ModelRow[];
  readonly envKeysAfter: readonly string[] | undefined;
  readonly cautions: readonly Caution[];
  /** States in which the app is already, and which only get worse by themselves. */
  readonly stuck: readonly StuckState[];
}
