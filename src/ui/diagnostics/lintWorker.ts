/**
 * The thread that parses: entry of `dist/lint-worker.js`. It keeps the files between requests, so that a
 * keystroke sends and parses one file only.
 */
import { parentPort } from 'node:worker_threads';
import { lintApp } from '../../core/rules/engine.ts';
import { fixAll } from '../../core/rules/fixAll.ts';
import type { AppContext, LintInput } from '../../core/rules/subject.ts';
import type { FixAllRequest, FixAllResponse, LintRequest, LintResponse } from './lintProtocol.ts';

const files = new Map<string, LintInput>();
let app: Pick<AppContext, 'deployed' | 'envKeys'> = { deployed: [], envKeys: undefined };

parentPort?.on('message', (request: LintRequest | FixAllRequest) => {
  parentPort?.postMessage(request.kind === 'lint' ? answer(request) : fix(request));
});

function answer(request: LintRequest): LintResponse {
  const started = performance.now();
  for (const uri of request.removed) files.delete(uri);
  for (const file of request.files) files.set(file.uri, file);
  app = { deployed: request.deployed, envKeys: request.envKeys };
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
