import { Worker } from 'node:worker_threads';
import type { DoClass } from '../../core/model/app.ts';
import type { Finding } from '../../core/rules/finding.ts';
import type { RuleSettings } from '../../core/rules/severities.ts';
import type { LintInput } from '../../core/rules/subject.ts';
import type {
  FixAllRequest,
  FixAllResponse,
  LintRequest,
  LintResponse,
  UnusedEnvKeysRequest,
  UnusedEnvKeysResponse,
} from './lintProtocol.ts';

/** What changed since the last update; what is left out stays as it was. */
export interface LintUpdate {
  readonly files?: readonly LintInput[];
  readonly removed?: readonly string[];
  /** `app` of the files that the facts below are about; empty when there is one app only. */
  readonly app?: string;
  readonly deployed?: readonly DoClass[];
  /** `undefined` by name means that nobody is signed in. */
  readonly envKeys?: readonly string[] | undefined;
  /** Likewise, of the whole app: `undefined` by name means that they are not known. */
  readonly appEnvKeys?: readonly string[] | undefined;
  /** By DO name: the deployed sources that files are held against. */
  readonly deployedSources?: ReadonlyMap<string, string>;
  /** Not all files were found yet. False when left out. */
  readonly isPartial?: boolean;
}

type Response = LintResponse | FixAllResponse | UnusedEnvKeysResponse;

export interface LintClientOptions {
  /** Milliseconds after which a worker that has not answered counts as hanging; large files get more. */
  readonly hangMs?: number;
  /** Told about every worker that had to be replaced, for the log. */
  readonly onRestart?: (reason: string) => void;
}

const HANG_MS = 5_000;

/** A slow machine parses this many UTF-16 units in a millisecond. */
const UNITS_PER_MS = 200;

/** A worker that was ended for its silence may only have been slow to start: each next one gets twice the time. */
const MOST_DOUBLINGS = 3;

/** How often the same files may bring a worker down before they are given up. */
const MOST_RESTARTS = 2;

/**
 * Lints in a worker thread, which starts with the first request. A worker that dies or hangs is replaced and
 * asked again; whoever waits sees nothing of it. While the worker is busy, updates are united into one.
 */
export class LintClient {
  readonly #workerPath: string;
  readonly #hangMs: number;
  readonly #onRestart: (reason: string) => void;
  readonly #files = new Map<string, LintInput>();
  /** Workers in a row that did not answer in time. */
  #hangs = 0;
  #app = '';
  #deployed: readonly DoClass[] = [];
  #envKeys: readonly string[] | undefined;
  #appEnvKeys: readonly string[] | undefined;
  #deployedSources: ReadonlyMap<string, string> = new Map();
  #isPartial = false;
  /** Those that the worker knows. */
  #sentSources: ReadonlyMap<string, string> | undefined;

  #worker: Worker | undefined;
  /** The worker has no files yet. */
  #isFresh = false;
  #nextId = 1;
  #running: Run | undefined;
  /** Waits for the next run; its change is not sent yet. */
  #waiting: Run | undefined;
  #disposed = false;

  constructor(workerPath: string, options: LintClientOptions = {}) {
    this.#workerPath = workerPath;
    this.#hangMs = options.hangMs ?? HANG_MS;
    this.#onRestart = options.onRestart ?? (() => undefined);
  }

  /** Starts the worker, so that the first answer does not have to wait for it. */
  warmUp(): void {
    if (!this.#disposed) this.#worker ??= this.#start();
  }

  /**
   * The findings of all files after the update, by uri. Updates that come while the worker is busy share one
   * answer, that for the newest state: a caller never gets findings that are older than its update.
   * After `dispose`, and for files that bring down one worker after another, the answer is empty.
   */
  lint(update: LintUpdate): Promise<Map<string, Finding[]>> {
    if (this.#disposed) return Promise.resolve(new Map<string, Finding[]>());
    const run = (this.#waiting ??= new Run());
    for (const uri of update.removed ?? []) {
      this.#files.delete(uri);
      run.removed.add(uri);
      run.changed.delete(uri);
    }
    for (const file of update.files ?? []) {
      this.#files.set(file.uri, file);
      run.changed.add(file.uri);
      run.removed.delete(file.uri);
    }
    if (update.app !== undefined) this.#app = update.app;
    if (update.deployed !== undefined) this.#deployed = update.deployed;
    if ('envKeys' in update) this.#envKeys = update.envKeys;
    if ('appEnvKeys' in update) this.#appEnvKeys = update.appEnvKeys;
    if (update.deployedSources !== undefined) this.#deployedSources = update.deployedSources;
    this.#isPartial = update.isPartial === true;
    this.#next();
    return run.answer;
  }

  /**
   * The text of a file, as the last update had it, after all fixes that need nobody. Undefined when the worker
   * does not know the file, or does not answer in time.
   */
  async fixAll(uri: string, severities: RuleSettings): Promise<string | undefined> {
    const response = await this.#ask({ id: this.#nextId++, kind: 'fixAll', uri, severities });
    return response !== undefined && 'text' in response ? response.text : undefined;
  }

  /**
   * The env keys that no class reads, by the files and the app of the last update. Undefined when that cannot
   * be known, or the worker does not answer in time.
   */
  async unusedEnvKeys(): Promise<readonly string[] | undefined> {
    const response = await this.#ask({ id: this.#nextId++, kind: 'unusedEnvKeys' });
    return response !== undefined && 'unused' in response ? response.unused : undefined;
  }

  dispose(): void {
    this.#disposed = true;
    for (const run of [this.#running, this.#waiting]) run?.end(new Map());
    this.#running = undefined;
    this.#waiting = undefined;
    this.#stopWorker();
  }

  #next(): void {
    if (this.#running !== undefined || this.#waiting === undefined) return;
    this.#running = this.#waiting;
    this.#waiting = undefined;
    this.#send(this.#running);
  }

  #send(run: Run): void {
    const worker = (this.#worker ??= this.#start());
    const isFresh = this.#isFresh;
    this.#isFresh = false;
    // A new worker knows nothing, so it gets all files.
    const uris = isFresh ? this.#files.keys() : run.changed;
    const files = [...uris].flatMap((uri) => this.#files.get(uri) ?? []);
    const sources = this.#deployedSources;
    const areKnown = !isFresh && this.#sentSources !== undefined && areEqual(this.#sentSources, sources);
    this.#sentSources = sources;
    const request: LintRequest = {
      id: (run.id = this.#nextId++),
      kind: 'lint',
      files,
      removed: isFresh ? [] : [...run.removed],
      app: this.#app,
      deployed: this.#deployed,
      envKeys: this.#envKeys,
      appEnvKeys: this.#appEnvKeys,
      isPartial: this.#isPartial,
      ...(areKnown ? {} : { deployedSources: sources }),
    };
    const units = files.reduce((sum, file) => sum + file.text.length, 0);
    const patience = this.#hangMs * 2 ** this.#hangs + units / UNITS_PER_MS;
    run.watch(patience, () => {
      this.#hangs = Math.min(this.#hangs + 1, MOST_DOUBLINGS);
      this.#replace(worker, 'it did not answer in time');
    });
    worker.postMessage(request);
  }

  /** One question about what the worker knows; undefined when there is no worker, or no answer in time. */
  #ask(request: FixAllRequest | UnusedEnvKeysRequest): Promise<Response | undefined> {
    const worker = this.#worker;
    if (worker === undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const end = (response: Response | undefined): void => {
        clearTimeout(timer);
        worker.off('message', receive).off('exit', gone);
        resolve(response);
      };
      const receive = (response: Response): void => {
        if (response.id === request.id) end(response);
      };
      const gone = (): void => end(undefined);
      const timer = setTimeout(gone, this.#hangMs);
      worker.on('message', receive).once('exit', gone);
      worker.postMessage(request);
    });
  }

  #start(): Worker {
    const worker = new Worker(this.#workerPath, { name: 'butterbase-lint' });
    this.#isFresh = true;
    // The thread must not keep the process alive.
    worker.unref();
    worker.on('message', (response: Response) => {
      const run = this.#running;
      if (run === undefined || response.id !== run.id || worker !== this.#worker) return;
      if (!('findings' in response)) return;
      this.#running = undefined;
      this.#hangs = 0;
      run.end(new Map(response.findings.map(([uri, findings]) => [uri, [...findings]])));
      this.#next();
    });
    worker.on('error', (error) =>
      this.#replace(worker, error instanceof Error ? error.message : String(error)),
    );
    worker.on('exit', (code) => this.#replace(worker, `it ended with code ${code}`));
    return worker;
  }

  #replace(worker: Worker, reason: string): void {
    if (worker !== this.#worker || this.#disposed) return;
    this.#stopWorker();
    this.#onRestart(reason);
    const run = this.#running;
    if (run === undefined) return;
    run.restarts += 1;
    if (run.restarts <= MOST_RESTARTS) {
      this.#send(run);
    } else {
      this.#running = undefined;
      run.end(new Map());
      this.#next();
    }
  }

  #stopWorker(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    // Rejects never; the promise is about the exit code.
    void worker?.terminate();
  }
}

function areEqual(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a === b || (a.size === b.size && [...a].every(([name, code]) => b.get(name) === code));
}

/** One request on its way, and those who wait for its answer. */
class Run {
  id = 0;
  restarts = 0;
  readonly changed = new Set<string>();
  readonly removed = new Set<string>();
  readonly answer: Promise<Map<string, Finding[]>>;
  #resolve: (findings: Map<string, Finding[]>) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.answer = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  watch(ms: number, onHang: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(onHang, ms);
    this.#timer.unref();
  }

  end(findings: Map<string, Finding[]>): void {
    clearTimeout(this.#timer);
    this.#resolve(findings);
  }
}
