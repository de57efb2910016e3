import type { LogLine } from '../runtime/workerdLog.ts';

/** What somebody changed so that the classes were deployed. Of a variable only its key. */
export interface DeployCause {
  readonly kind: 'classDeployed' | 'classDeleted' | 'variableSet' | 'variableDeleted';
  readonly name: string;
}

/** What happens inside the embedded platform, for those who watch it. */
export type LocalEvent =
  | { readonly type: 'state'; readonly appId: string }
  /** Somebody asked it to end: who watches must not start it again. */
  | { readonly type: 'stopping' }
  | {
      readonly type: 'deploy';
      readonly appId: string;
      readonly appName: string;
      readonly ok: boolean;
      readonly cause: DeployCause;
      /** What the upload holds, by DO name. */
      readonly classes: readonly string[];
      readonly message?: string;
      /** Milliseconds from the upload to the answer. */
      readonly ms: number;
    }
  | ({ readonly type: 'log'; readonly appId: string } & LogLine);

export class EventBus {
  readonly #listeners = new Set<(event: LocalEvent) => void>();

  /** Answers the function that ends the subscription. */
  subscribe(listener: (event: LocalEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  emit(event: LocalEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
