/**
 * The thread that parses: entry of `dist/lint-worker.js`. It keeps the files between requests, so that a
 * keystroke sends and parses one file only.
 */
import { parentPort } from 'node:worker_threads';
import { lintApp, unusedKeysOf } from '../../core/rules/engine.ts';
import { fixAll } from '../../core/rules/fixAll.ts';
import type { AppContext, LintInput } from '../../core/rules/subject.ts';
import type {
  FixAllRequest,
  FixAllResponse,
  LintRequest,
  LintResponse,
  UnusedEnvKeysRequest,
  UnusedEnvKeysResponse,
} from './lintProtocol.ts';

const UNCONNECTED: Omit<AppContext, 'files'> = { deployed: [], envKeys: undefined };
const files = new Map<string, LintInput>();
/** What is known of the app that is connected; nothing is of the others. */
let connected: Omit<AppContext, 'files'> & { readonly app: string } = { app: '', ...UNCONNECTED };
let deployedSources: ReadonlyMap<string, string> = new Map();
let isPartial = false;

parentPort?.on('message', (request: LintRequest | FixAllRequest | UnusedEnvKeysRequest) => {
  parentPort?.postMessage(answerTo(request));
});

function answerTo(
  request: LintRequest | FixAllRequest | UnusedEnvKeysRequest,
): LintResponse | FixAllResponse | UnusedEnvKeysResponse {
  switch (request.kind) {
    case 'lint':
      return answer(request);
    case 'fixAll':
      return fix(request);
    case 'unusedEnvKeys':
      return { id: request.id, unused: unusedKeysOf(contextOf(connected.app)) };
  }
}

function answer(request: LintRequest): LintResponse {
  const started = performance.now();
  for (const uri of request.removed) files.delete(uri);
  for (const file of request.files) files.set(file.uri, file);
  deployedSources = request.deployedSources ?? deployedSources;
  ({ isPartial } = request);
  const { app, deployed, envKeys, appEnvKeys } = request;
  connected = { app, deployed, envKeys, appEnvKeys, deployedSources };
  let parses = 0;
  const onParse = (): void => {
    parses += 1;
  };
  const apps = new Set([...files.values()].map(appOf));
  const findings = [...apps].flatMap((each) => [...lintApp(contextOf(each), { onParse })]);
  return { id: request.id, findings, ms: performance.now() - started, parses };
}

function fix({ id, uri, severities }: FixAllRequest): FixAllResponse {
  const file = files.get(uri);
  return { id, text: file && fixAll(contextOf(appOf(file)), uri, severities) };
}

function contextOf(app: string): AppContext {
  const facts = app === connected.app ? connected : UNCONNECTED;
  return { ...facts, isPartial, files: [...files.values()].filter((file) => appOf(file) === app) };
}

function appOf(file: LintInput): string {
  return file.app ?? '';
}
