import path from 'node:path';
import { finished } from 'node:stream/promises';
import { Worker } from 'node:worker_threads';
import { root } from '../../scripts/lib/paths.mjs';
import type { LintInput } from '../../src/core/rules/subject.ts';
import type { LintRequest, LintResponse } from '../../src/ui/diagnostics/lintProtocol.ts';
import { compare, median } from './compare.ts';
import { sourceOf } from './lintSources.ts';

/** Rounds that only warm the threads up, and those that are measured. */
const WARM_UP = 60;
const ROUNDS = 150;
const EDITS = 10_000;

/** Greatest time of a lint, as a multiple of that of the parser alone. */
const PARSER_LIMIT = 1.5;
/** Greatest heap after all edits, as a multiple of the heap after the first tenth. */
const MEMORY_LIMIT = 1.2;

const NOTHING = {
  removed: [],
  app: '',
  deployed: [],
  envKeys: undefined,
  appEnvKeys: undefined,
  isPartial: false,
} as const;

/** A thread that answers one request after the other. */
class Thread<Answer> {
  readonly #worker: Worker;
  #id = 0;

  constructor(file: string, workerData?: string) {
    this.#worker = new Worker(path.join(root, file), { workerData });
  }

  /** Resolves to the answer and to the ms from here to there and back. */
  async ask(request: object): Promise<{ answer: Answer; ms: number }> {
    const started = performance.now();
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#worker.once('message', resolve).once('error', reject);
    });
    this.#worker.postMessage({ id: (this.#id += 1), ...request });
    const result = { answer: await answer, ms: performance.now() - started };
    this.#worker.removeAllListeners('error');
    return result;
  }

  /** What is in use after a full garbage collection, which a snapshot begins with. */
  async heapBytes(): Promise<number> {
    await finished((await this.#worker.getHeapSnapshot()).resume());
    const { used_heap_size: used } = await this.#worker.getHeapStatistics();
    return used;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

class LintThread extends Thread<LintResponse> {
  constructor() {
    super('dist/lint-worker.js');
  }

  lint(files: readonly LintInput[]): Promise<{ answer: LintResponse; ms: number }> {
    const request: Omit<LintRequest, 'id'> = { kind: 'lint', files, ...NOTHING };
    return this.ask(request);
  }
}

await besideTheParser();
await oneOfFive();
await manyEdits();

/** One file, edited at each round; the sides take turns. */
async function besideTheParser(): Promise<void> {
  const source = sourceOf('ChatRoom', 400);
  const lint = new LintThread();
  const parser = new Thread<unknown>('test/bench/lintSides.ts', 'parser');
  const eslint = new Thread<unknown>('test/bench/lintSides.ts', 'eslint');
  const ms = { lint: [] as number[], parser: [] as number[], eslint: [] as number[] };
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const text = `${source}// ${round}\n`;
    const times = {
      lint: (await lint.lint([input('chat-room', text)])).ms,
      parser: (await parser.ask({ text })).ms,
      eslint: (await eslint.ask({ text })).ms,
    };
    if (round < WARM_UP) continue;
    ms.lint.push(times.lint);
    ms.parser.push(times.parser);
    ms.eslint.push(times.eslint);
  }
  await Promise.all([lint, parser, eslint].map((thread) => thread.stop()));
  const [ours, alone, other] = [median(ms.lint), median(ms.parser), median(ms.eslint)];
  console.log(
    `  ${source.split('\n').length - 1} lines, warm: lint ${ours.toFixed(2)} ms, parser alone ${alone.toFixed(2)} ms, ` +
      `ESLint with an equivalent subset ${other.toFixed(2)} ms (${(other / ours).toFixed(2)} times ours)`,
  );
  compare({ name: 'a lint over the parser alone', value: ours / alone, atMost: PARSER_LIMIT });
}

/** The whole app in five large files, of which one is edited. */
async function oneOfFive(): Promise<void> {
  const names = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];
  const inputs = names.map((name) => input(name, sourceOf(name.toUpperCase(), 2000)));
  const lint = new LintThread();
  const all = await lint.lint(inputs);
  const ms: number[] = [];
  const parses: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    const [first] = inputs;
    if (first === undefined) break;
    const { answer, ms: time } = await lint.lint([{ ...first, text: `${first.text}// ${round}\n` }]);
    ms.push(time);
    parses.push(answer.parses);
  }
  await lint.stop();
  console.log(
    `  5 files of 2,000 lines: all ${all.ms.toFixed(0)} ms (${all.answer.parses} parses), ` +
      `one edited ${median(ms).toFixed(1)} ms`,
  );
  compare({ name: 'parses when one file of five is edited', value: Math.max(...parses), atMost: 1 });
}

/** What one worker keeps of the edits of a long day. */
async function manyEdits(): Promise<void> {
  const lint = new LintThread();
  const source = sourceOf('ChatRoom', 50);
  const other = input('counter', sourceOf('Counter', 50));
  await lint.lint([other]);
  const heaps: number[] = [];
  for (let edit = 1; edit <= EDITS; edit += 1) {
    await lint.lint([input('chat-room', `${source}// ${edit}\n`)]);
    if (edit === EDITS / 10 || edit === EDITS) heaps.push(await lint.heapBytes());
  }
  await lint.stop();
  const [early = Number.NaN, late = Number.NaN] = heaps;
  const mb = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
  console.log(`  heap of the worker after ${EDITS / 10} edits ${mb(early)}, after ${EDITS} ${mb(late)}`);
  compare({ name: 'heap late over early', value: late / early, atMost: MEMORY_LIMIT });
}

function input(name: string, text: string): LintInput {
  return { uri: `file:///${name}.ts`, name, accessMode: 'public', text };
}
