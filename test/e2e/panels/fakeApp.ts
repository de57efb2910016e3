import { DoError } from '../../../src/core/errors.ts';
import type { DoClass } from '../../../src/core/model/app.ts';
import { planEnvChange } from '../../../src/core/plan/plan.ts';
import type { ChangeOptions } from '../../../src/operations/appOperations.ts';
import { type Destruction, WouldDestroyError } from '../../../src/operations/previews.ts';
import type { Repair } from '../../../src/operations/repair.ts';
import type { Parts } from '../../../src/ui/parts.ts';
import type { AppSnapshot } from '../../../src/ui/session/appState.ts';
import type { Session } from '../../../src/ui/session/session.ts';
import type { UsageSample } from '../../../src/ui/session/usageSamples.ts';

type Listener<T> = (value: T) => void;

/** An app in memory with what the panels need of the editor's parts: a session, a snapshot, operations. */
export class FakeApp {
  readonly env = new Map<string, string>();
  usage = { requests: 0, cpuMs: 0 };
  usageSamples: UsageSample[] = [];
  classes: DoClass[] = [doClass('chat-room'), doClass('counter')];
  /** What the platform answers to a change of this key instead of doing it. */
  readonly failures = new Map<string, DoError>();
  /** How long a change takes, in ms. */
  delay = 0;
  readonly changes: string[] = [];
  now = Date.UTC(2026, 10, 22, 14, 30);
  #current: Session;
  #stale: DoError | undefined;
  #snapshot: AppSnapshot | undefined;
  readonly #sessionListeners = new Set<Listener<Session>>();
  readonly #stateListeners = new Set<Listener<AppSnapshot | undefined>>();

  readonly #fileListeners = new Set<Listener<unknown>>();

  /** The Durable Object files, of which only the events are there: none has a file. */
  get files(): Parts['files'] {
    const event = on(this.#fileListeners);
    return {
      onDidChange: event,
      onDidChangeContent: event,
      byName: () => undefined,
    } as unknown as Parts['files'];
  }

  /** A file was saved. */
  changeFiles(): void {
    for (const listener of this.#fileListeners) listener(undefined);
  }

  constructor(kind: 'local' | 'remote' = 'remote') {
    this.#current = this.ready('app_1', 'orders', kind);
  }

  get parts(): Pick<Parts, 'session' | 'state' | 'files'> & {
    readonly usageSamples: readonly UsageSample[];
  } {
    const current = (): Session => this.#current;
    const snapshot = (): AppSnapshot | undefined => this.#snapshot;
    const samples = (): readonly UsageSample[] => this.usageSamples;
    return {
      files: this.files,
      session: {
        get current() {
          return current();
        },
        onDidChange: on(this.#sessionListeners),
        look: () => Promise.resolve(),
        reconnect: () => Promise.resolve(),
      } as unknown as Parts['session'],
      state: {
        get snapshot() {
          return snapshot();
        },
        onDidChange: on(this.#stateListeners),
        refresh: () => this.#refresh(),
      } as unknown as Parts['state'],
      get usageSamples() {
        return samples();
      },
    };
  }

  /** A session with an app of this platform. */
  ready(id: string, name: string, kind: 'local' | 'remote' = 'remote'): Session {
    return {
      kind: 'ready',
      connection: {
        kind,
        origin: 'https://platform.test',
        label: kind === 'local' ? 'Local Platform' : 'Butterbase',
      },
      app: { id, name, subdomain: name, region: undefined },
      instanceBase: undefined,
      operations: {
        setEnv: (key: string, value: string, options?: ChangeOptions) =>
          this.#change(key, () => this.env.set(key, value), options),
        deleteEnv: (key: string, options?: ChangeOptions) =>
          this.#change(key, () => this.env.delete(key), options),
        previewEnv: () => Promise.resolve({ destroys: this.#atRisk }),
        repairsFor: (broken: readonly Destruction[]) => this.#repairsFor(broken),
        deploy: ({ name }: { name: string }) => {
          this.#bringBack(name);
          return Promise.resolve({});
        },
      },
    } as unknown as Session;
  }

  /** Goes over to another session, and has its app read as the editor does. */
  become(session: Session): void {
    this.#current = session;
    this.#snapshot = undefined;
    for (const listener of this.#sessionListeners) listener(session);
    void this.#refresh();
  }

  /** From now on refreshes fail, or no longer. */
  breakReading(error: DoError | undefined): void {
    this.#stale = error;
  }

  async #refresh(): Promise<void> {
    await Promise.resolve();
    if (this.#current.kind !== 'ready') return;
    if (this.#stale !== undefined && this.#snapshot !== undefined) {
      this.#snapshot = { ...this.#snapshot, stale: this.#stale };
    } else {
      this.#snapshot = {
        appId: this.#current.app.id,
        place: this.#current.connection.kind === 'local' ? 'local' : this.#current.connection.origin,
        classes: this.classes,
        envKeys: [...this.env.keys()].sort(),
        usage: this.usage,
        at: this.now,
        stale: undefined,
      };
    }
    for (const listener of this.#stateListeners) listener(this.#snapshot);
  }

  get #atRisk(): readonly Destruction[] {
    return planEnvChange(this.classes).fates.filter((fate) => fate.kind === 'destroyed');
  }

  #repairsFor(broken: readonly Destruction[]): Promise<readonly Repair[]> {
    const failure = broken.map(({ name }) => this.failures.get(name)).find((error) => error !== undefined);
    if (failure !== undefined) return Promise.reject(failure);
    return Promise.resolve(
      broken.map(({ name, className }) => ({
        input: { name, code: 'what worked last', accessMode: 'public' },
        className,
        source: 'history',
        at: undefined,
      })),
    );
  }

  #bringBack(name: string): void {
    this.classes = this.classes.map((row) => (row.name === name ? { ...row, status: 'READY' } : row));
    this.changes.push(`repair of ${name}`);
  }

  async #change(
    key: string,
    apply: () => unknown,
    { repairs = [], allowDestroy = [] }: ChangeOptions = {},
  ): Promise<{ redeployed: boolean }> {
    await new Promise((resolve) => setTimeout(resolve, this.delay));
    for (const { input } of repairs) this.#bringBack(input.name);
    const refused = this.#atRisk.filter(({ className }) => !allowDestroy.includes(className));
    if (refused.length > 0) throw new WouldDestroyError(refused);
    for (const { name } of this.#atRisk) {
      this.classes = this.classes.filter((row) => row.name !== name);
      this.changes.push(`loss of ${name}`);
    }
    const failure = this.failures.get(key);
    if (failure !== undefined) throw failure;
    apply();
    this.changes.push(key);
    return { redeployed: this.classes.length > 0 };
  }
}

export function doClass(name: string, status: DoClass['status'] = 'READY'): DoClass {
  return {
    id: name,
    name,
    className: name.replaceAll('-', ''),
    status,
    accessMode: 'public',
    lastDeployedAt: '2026-11-20T10:00:00.000Z',
    errorMessage: undefined,
  };
}

export function platformError(message: string, nextStep: string): DoError {
  return new DoError({ code: 'EXTERNAL_CLOUDFLARE_ERROR', message, nextStep, status: 502 });
}

function on<T>(listeners: Set<Listener<T>>): (listener: Listener<T>) => { dispose(): void } {
  return (listener) => {
    listeners.add(listener);
    return { dispose: () => listeners.delete(listener) };
  };
}
