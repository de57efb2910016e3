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

const files = new Map<string, LintInput>();
let app: Omit<AppContext, 'files'> = { deployed: [], envKeys: undefined };
let deployedSources: ReadonlyMap<string, string> = new Map();

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
      return { id: request.id, unused: unusedKeysOf({ ...app, files: [...files.values()] }) };
  }
}

function answer(request: LintRequest): LintResponse {
  const started = performance.now();
  for (const uri of request.removed) files.delete(uri);
  for (const file of request.files) files.set(file.uri, file);
  deployedSources = request.deployedSources ?? deployedSources;
  app = { deployed: request.deployed, envKeys: request.envKeys, deployedSources };
  let parses = 0;
  const onParse = (): void => {
    parses += 1;
  };
  const findings = lintApp({ ...app, files: [...files.values()] }, { onParse });
  return { id: request.id, findings: [...findings], ms: performance.now() - started, parses };
}

function fix({ id, uri, severities }: FixAllRequest): FixAllResponse {
  return { id, text: fixAll({ ...app, files: [...files.values()] }, uri, severities) };
}
