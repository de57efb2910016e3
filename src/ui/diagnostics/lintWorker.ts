/**
 * The thread that parses: entry of `dist/lint-worker.js`. It keeps the files between requests, so that a
 * keystroke sends and parses one file only.
 */
import { parentPort } from 'node:worker_threads';
import { lintApp } from '../../core/rules/engine.ts';
import type { LintInput } from '../../core/rules/subject.ts';
import type { LintRequest, LintResponse } from './lintProtocol.ts';

const files = new Map<string, LintInput>();

parentPort?.on('message', (request: LintRequest) => {
  parentPort?.postMessage(answer(request));
});

function answer(request: LintRequest): LintResponse {
  const started = performance.now();
  for (const uri of request.removed) files.delete(uri);
  for (const file of request.files) files.set(file.uri, file);
  const { deployed, envKeys } = request;
  const findings = lintApp({ files: [...files.values()], deployed, envKeys });
  return { id: request.id, findings: [...findings], ms: performance.now() - started };
}
