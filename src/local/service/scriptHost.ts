import type { BuiltModule } from '../../core/bundle/buildModule.ts';
import type { ClassSource } from '../store/classTable.ts';
import type { DeployTable } from '../store/deployTable.ts';
import { BUILDER, EMPTY_MODULE } from './bundler.ts';
import { runtimeUnavailable } from './runtimeUnavailable.ts';
import type { RuntimePort } from './runtimePort.ts';

/** One upload of an app's module, with what it changes about the classes that have storage. */
export interface Upload {
  readonly module: BuiltModule;
  readonly sources: readonly ClassSource[];
  /** The app's own variables. */
  readonly ownEnv: Readonly<Record<string, string>>;
  /** Those and the platform's. */
  readonly env: Readonly<Record<string, string>>;
  readonly newClasses: readonly string[];
  readonly deletedClasses: readonly string[];
  /** The tag that the platform remembers; empty for none. */
  readonly oldTag: string;
  /** Turns positions in the module into positions in the app's files. */
  readonly explain: (message: string) => string;
}

/** One call that the hosted platform would make to Cloudflare. */
export interface HostCall {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly newClasses: readonly string[];
  readonly deletedClasses: readonly string[];
}

/** What goes wrong with a call, when a failure is injected. */
export type HostFailure =
  /** It is refused, and not done. */
  | { readonly status: number; readonly code: number; readonly message: string }
  /** The connection ends before it is done. */
  | { readonly reset: true }
  /** It is done, and the connection ends before the platform hears of it. */
  | { readonly answerLost: true }
  /** Before it, the script vanishes with all storage, or gets a tag that the platform does not know. */
  | { readonly before: 'scriptLost' | 'tagMoved' };

/** For tests of failures and of what a deploy destroys; nothing of it can be reached over HTTP. */
export interface HostProbe {
  /** Called before each call; what it answers goes wrong with it. May delay it. */
  intercept?(appId: string, call: HostCall): Promise<HostFailure | undefined> | HostFailure | undefined;
  /** Called after each call with the status that it had. */
  observe?(appId: string, call: HostCall, status: number): void;
}

/** A refusal in the words of the platform's Cloudflare client. */
export class HostError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'HostError';
  }
}

const NAMESPACE_PATH = '/workers/dispatch/namespaces/bb-frontends/scripts';

/**
 * Stands where the hosted platform has Cloudflare: keeps an app's script with a migration tag of its own, loads
 * modules into the runtime, and answers refusals with the same codes. Storage that Cloudflare would destroy goes
 * to the trash.
 */
export class ScriptHost {
  readonly #appId: string;
  readonly #deploys: DeployTable;
  readonly #runtime: RuntimePort;
  readonly #probe: HostProbe;

  constructor(parts: { appId: string; deploys: DeployTable; runtime: RuntimePort; probe: HostProbe }) {
    this.#appId = parts.appId;
    this.#deploys = parts.deploys;
    this.#runtime = parts.runtime;
    this.#probe = parts.probe;
  }

  /** The tag of the script that is there; empty when there is none. */
  async tag(): Promise<string> {
    const call: HostCall = {
      method: 'GET',
      path: `${NAMESPACE_PATH}?per_page=1000`,
      newClasses: [],
      deletedClasses: [],
    };
    return this.#answer(call, () => Promise.resolve(this.#deploys.script(this.#appId)?.migrationTag ?? ''));
  }

  /**
   * Loads the module. `commit` gets the new tag, in the transaction that makes the module the app's script.
   * @throws HostError; DoError when this machine cannot run any module now
   */
  async put(
    upload: Upload,
    transaction: (work: () => void) => void,
    commit: (tag: string) => void,
  ): Promise<void> {
    const call: HostCall = {
      method: 'PUT',
      path: `${NAMESPACE_PATH}/${this.#appId}_do`,
      newClasses: upload.newClasses,
      deletedClasses: upload.deletedClasses,
    };
    await this.#answer(call, async (heard) => {
      const found = this.#deploys.script(this.#appId)?.migrationTag ?? '';
      if (found !== upload.oldTag) {
        throw refusal(call, {
          status: 412,
          code: 10079,
          message: `Actor migration tag precondition failed. Expected tag '${upload.oldTag}' but found '${found}'`,
        });
      }
      const { code, classes } = upload.module;
      const started = await this.#runtime.deploy({ module: code, classes, env: upload.env });
      if (!started.ok) {
        if (started.fault === 'machine') throw runtimeUnavailable(started);
        throw refusal(call, { status: 400, code: 10021, message: upload.explain(started.message) });
      }
      const tag = nextTag(found);
      transaction(() => {
        this.#deploys.saveScript(this.#appId, {
          migrationTag: tag,
          classes: upload.sources,
          env: upload.ownEnv,
          module: code,
          builder: BUILDER,
        });
        for (const name of upload.deletedClasses) this.#deploys.addPendingTrash(this.#appId, name);
        if (heard) commit(tag);
      });
      await this.emptyPending();
    });
  }

  /**
   * Takes the script down: a module without classes runs with `env`, and the storage of every class goes to the
   * trash. `commit` runs in the transaction that removes the script.
   * @throws HostError also when there is no script; DoError when this machine cannot run any module now
   */
  async delete(
    env: Readonly<Record<string, string>>,
    transaction: (work: () => void) => void,
    commit: () => void,
  ): Promise<void> {
    const call: HostCall = {
      method: 'DELETE',
      path: `${NAMESPACE_PATH}/${this.#appId}_do`,
      newClasses: [],
      deletedClasses: this.#deploys.script(this.#appId)?.classes.map(({ className }) => className) ?? [],
    };
    await this.#answer(call, async (heard) => {
      const script = this.#deploys.script(this.#appId);
      if (script === undefined) {
        const message = 'This Worker does not exist on your account.';
        throw refusal(call, { status: 404, code: 10007, message });
      }
      const { code, classes } = EMPTY_MODULE;
      const started = await this.#runtime.deploy({ module: code, classes, env });
      if (!started.ok) {
        if (started.fault === 'machine') throw runtimeUnavailable(started);
        throw refusal(call, { status: 500, code: 10013, message: started.message });
      }
      transaction(() => {
        this.#deploys.deleteScript(this.#appId);
        for (const item of script.classes) this.#deploys.addPendingTrash(this.#appId, item.className);
        if (heard) commit();
      });
      await this.emptyPending();
    });
  }

  /** Moves to the trash what a deploy gave up; also after a crash that came between the two. */
  async emptyPending(): Promise<void> {
    for (const className of this.#deploys.pendingTrash(this.#appId)) {
      await this.#runtime.trashStorage(className);
      this.#deploys.removePendingTrash(this.#appId, className);
    }
  }

  /** Does the work, which is told whether the platform will hear of it. */
  async #answer<T>(call: HostCall, work: (heard: boolean) => Promise<T>): Promise<T> {
    try {
      const failure = await this.#probe.intercept?.(this.#appId, call);
      if (failure !== undefined && ('reset' in failure || 'status' in failure)) throw refusal(call, failure);
      if (failure !== undefined && 'before' in failure) await this.#disturb(failure.before);
      const heard = failure === undefined || !('answerLost' in failure);
      const result = await work(heard).catch((error: unknown) => {
        // Of a refusal the platform hears as little.
        throw !heard && error instanceof HostError ? refusal(call, { reset: true }) : error;
      });
      if (!heard) throw refusal(call, { reset: true });
      this.#probe.observe?.(this.#appId, call, 200);
      return result;
    } catch (error) {
      if (error instanceof HostError) {
        this.#probe.observe?.(this.#appId, call, Number(/\((\d+)\)/.exec(error.message)?.[1] ?? 0));
      }
      throw error;
    }
  }

  /** What happens at Cloudflare without the platform. */
  async #disturb(what: 'scriptLost' | 'tagMoved'): Promise<void> {
    const script = this.#deploys.script(this.#appId);
    if (script === undefined) return;
    if (what === 'tagMoved') {
      this.#deploys.saveScript(this.#appId, { ...script, migrationTag: nextTag(script.migrationTag) });
      return;
    }
    const { code, classes } = EMPTY_MODULE;
    await this.#runtime.deploy({ module: code, classes, env: {} });
    this.#deploys.deleteScript(this.#appId);
    for (const { className } of script.classes) this.#deploys.addPendingTrash(this.#appId, className);
    await this.emptyPending();
  }
}

function refusal(
  call: HostCall,
  failure: Extract<HostFailure, { readonly reset: true } | { readonly status: number }>,
): HostError {
  if ('reset' in failure) return new HostError('fetch failed');
  return new HostError(`CF API error (${failure.status}) ${call.path}: [${failure.code}] ${failure.message}`);
}

/** A tag names the millisecond of its upload; two uploads in one millisecond still differ. */
function nextTag(previous: string): string {
  const last = Number(/^v-(\d+)$/.exec(previous)?.[1] ?? 0);
  return `v-${Math.max(Date.now(), last + 1)}`;
}
