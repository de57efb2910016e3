import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildModule, type BuiltModule } from '../../src/core/bundle/buildModule.ts';
import type { AccessMode } from '../../src/core/model/app.ts';
import { AppRuntime, type RuntimeExit, type StartResult } from '../../src/local/runtime/appRuntime.ts';
import type { LogLine } from '../../src/local/runtime/workerdLog.ts';
import { findWorkerd } from '../../src/local/workerdBinary.ts';

export interface TestClass {
  readonly code: string;
  readonly accessMode?: AccessMode;
}

interface AppOptions {
  readonly folder?: string;
  readonly port?: number;
  readonly allowedHosts?: string[];
  readonly loadDeadlineMs?: number;
  readonly workerd?: string;
}

/** A real workerd with the module that the embedded platform would build, in a temporary state folder. */
export class AppUnderTest {
  readonly folder: string;
  readonly runtime: AppRuntime;
  readonly lines: LogLine[] = [];
  readonly exits: RuntimeExit[] = [];
  module: BuiltModule | undefined;

  constructor(options: AppOptions = {}) {
    this.folder = options.folder ?? temporaryFolder();
    this.runtime = new AppRuntime({
      appId: 'app_1',
      folder: this.folder,
      workerd: options.workerd ?? findWorkerd({ near: import.meta.dirname }),
      port: options.port ?? 0,
      allowedHosts: options.allowedHosts ?? [],
      onLine: (line) => this.lines.push(line),
      onExit: (event) => this.exits.push(event),
      ...(options.loadDeadlineMs === undefined ? {} : { loadDeadlineMs: options.loadDeadlineMs }),
    });
  }

  deploy(
    classes: Readonly<Record<string, TestClass | string>>,
    env: Record<string, string> = {},
  ): Promise<StartResult> {
    const list = Object.entries(classes).map(([name, given]) => {
      const { code, accessMode = 'public' } = typeof given === 'string' ? { code: given } : given;
      return { name, code, accessMode };
    });
    this.module = buildModule(list, { flavour: 'local' });
    return this.runtime.deploy({ module: this.module.code, classes: this.module.classes, env });
  }

  async mustDeploy(...args: Parameters<AppUnderTest['deploy']>): Promise<void> {
    const result = await this.deploy(...args);
    assert.deepEqual(result, { ok: true, port: this.runtime.port });
  }

  url(name: string, instance: string, rest = ''): string {
    return `http://127.0.0.1:${this.runtime.port}/_do/${name}/${instance}${rest}`;
  }

  async text(name: string, instance: string, rest = '', init?: RequestInit): Promise<string> {
    const response = await fetch(this.url(name, instance, rest), init);
    return response.text();
  }

  async close(): Promise<void> {
    await this.runtime.stop();
    await fs.promises.rm(this.folder, { recursive: true, force: true });
  }
}

export function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'bb-runtime-'));
}

/** Waits until `look` gives a value. */
export async function eventually<T>(
  look: () => T | undefined | Promise<T | undefined>,
  ms = 5000,
): Promise<T> {
  const until = performance.now() + ms;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    assert.ok(performance.now() < until, 'it did not happen in time');
    await delay(5);
  }
}

/** Pids of living processes (no zombies) that have `word` in their command line or as their working folder. Linux only. */
export function processesWith(word: string): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return pid !== process.pid && fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word);
      } catch {
        return false;
      }
    });
}

export const COUNTER = `
import { DurableObject } from 'cloudflare:workers';
export class Counter extends DurableObject {
  async fetch(request: Request): Promise<Response> {
    const next = ((await this.ctx.storage.get<number>('n')) ?? 0) + 1;
    await this.ctx.storage.put('n', next);
    return new Response(String(next));
  }
}
`;
