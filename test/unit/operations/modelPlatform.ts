import { checkSource } from '../../../src/core/bundle/className.ts';
import { BundleError } from '../../../src/core/bundle/bundleError.ts';
import type { AccessMode, ClassStatus, DoClass } from '../../../src/core/model/app.ts';
import { bindingOf } from '../../../src/core/model/names.ts';
import { readFacts } from '../../../src/core/source/facts.ts';

interface Row {
  readonly name: string;
  className: string;
  code: string;
  accessMode: AccessMode;
  status: ClassStatus;
  lastDeployedAt: string | undefined;
  errorMessage: string | undefined;
  updatedAt: string;
}

export interface Outcome {
  readonly status: number;
  readonly body: unknown;
}

/**
 * The platform's rows and what its runtime holds, by the rules that the recordings of its hazards show.
 * `plan.test.ts` holds it against those recordings.
 */
export class ModelPlatform {
  rows: Row[] = [];
  env = new Map<string, string>();
  /** Class names of the last successful upload: those that have storage. */
  deployed: string[] = [];
  /** Class names whose storage was deleted, in order. */
  readonly lost: string[] = [];
  /** Uploads, successful or not. */
  uploads = 0;
  /** Text with which the runtime refuses the next upload or removal. */
  runtimeFails: string | undefined;
  #clock = Date.parse('2026-11-22T10:00:00.000Z');

  register(name: string, code: string, accessMode: AccessMode): Outcome {
    const className = checkSource(readFacts(code));
    if (className instanceof BundleError) return refused(400, 'VALIDATION_INVALID_SCHEMA', className.message);
    let row = this.rows.find((candidate) => candidate.name === name);
    if (row === undefined) {
      row = {
        name,
        className,
        code,
        accessMode,
        status: 'BUILDING',
        lastDeployedAt: undefined,
        errorMessage: undefined,
        updatedAt: this.#now(),
      };
      this.rows.unshift(row);
    } else {
      const fresh = { className, code, accessMode, status: 'BUILDING' as const, errorMessage: undefined };
      Object.assign(row, fresh, { updatedAt: this.#now() });
    }
    const failure = this.#upload();
    row.updatedAt = this.#now();
    if (failure !== undefined) {
      row.status = 'ERROR';
      row.errorMessage = failure.message;
      return refused(failure.status, failure.code, failure.message);
    }
    row.status = 'READY';
    row.lastDeployedAt = this.#now();
    return { status: 200, body: { id: name, name, status: 'READY', class_name: className } };
  }

  delete(name: string): Outcome {
    if (!this.rows.some((row) => row.name === name))
      return refused(404, 'RESOURCE_NOT_FOUND', 'DO not found');
    this.rows = this.rows.filter((row) => row.name !== name);
    const failure = this.#active().length === 0 ? this.#removeScript() : this.#upload();
    if (failure !== undefined) return refused(failure.status, failure.code, failure.message);
    return { status: 200, body: { deleted: true, name } };
  }

  setEnv(key: string, value: string): Outcome {
    this.env.set(key, value);
    return this.#redeployForEnv({ key });
  }

  deleteEnv(key: string): Outcome {
    this.env.delete(key);
    return this.#redeployForEnv({ deleted: true, key });
  }

  /** The rows as the client gives them. */
  list(): DoClass[] {
    return this.rows.map((row) => ({ id: row.name, ...row }));
  }

  listWire(): unknown {
    return { durable_objects: this.rows.map((row) => toWire(row)) };
  }

  getWire(name: string): Outcome {
    const row = this.rows.find((candidate) => candidate.name === name);
    if (row === undefined) return refused(404, 'RESOURCE_NOT_FOUND', 'Durable Object not found');
    const { code, updatedAt } = row;
    return {
      status: 200,
      body: { ...toWire(row), code, created_at: '2026-11-22T09:00:00.000Z', updated_at: updatedAt },
    };
  }

  #redeployForEnv(body: Record<string, unknown>): Outcome {
    if (this.#active().length === 0) return { status: 200, body: { ...body, redeployed: false } };
    const failure = this.#upload();
    if (failure !== undefined) return refused(failure.status, failure.code, failure.message);
    return { status: 200, body: { ...body, redeployed: true } };
  }

  #active(): Row[] {
    return this.rows.filter(({ status }) => status !== 'ERROR');
  }

  #upload(): { status: number; code: string; message: string } | undefined {
    const active = this.#active();
    const invalid = (message: string) => ({ status: 400, code: 'VALIDATION_INVALID_SCHEMA', message });
    const runtime = (message: string) => ({ status: 502, code: 'EXTERNAL_CLOUDFLARE_ERROR', message });
    if (active.length > 5) return invalid(`Too many DO classes for one app (max 5, got ${active.length}).`);
    const collision = active.map(({ name }) => bindingOf(name)).find((binding) => this.env.has(binding));
    if (collision !== undefined)
      return invalid(`DO env var key '${collision}' collides with a DO namespace binding.`);
    this.uploads += 1;
    const fails = this.#takeFailure();
    if (fails !== undefined) return runtime(fails);
    const names = active.map(({ className }) => className);
    if (new Set(names).size < names.length)
      return runtime('[10021] Identifier has already been declared\n  at worker.mjs:85:14');
    if (active.some(({ code }) => code.includes('BROKEN')))
      return runtime('[10021] Uncaught SyntaxError\n  at worker.mjs:81:6');
    this.lost.push(...this.deployed.filter((name) => !names.includes(name)));
    this.deployed = names;
    return undefined;
  }

  #removeScript(): { status: number; code: string; message: string } | undefined {
    const fails = this.#takeFailure();
    if (fails !== undefined) return { status: 502, code: 'EXTERNAL_CLOUDFLARE_ERROR', message: fails };
    this.lost.push(...this.deployed);
    this.deployed = [];
    return undefined;
  }

  #takeFailure(): string | undefined {
    const failure = this.runtimeFails;
    this.runtimeFails = undefined;
    return failure;
  }

  #now(): string {
    this.#clock += 1000;
    return new Date(this.#clock).toISOString();
  }
}

function toWire(row: Row): Record<string, unknown> {
  return {
    id: row.name,
    name: row.name,
    class_name: row.className,
    status: row.status,
    access_mode: row.accessMode,
    last_deployed_at: row.lastDeployedAt ?? null,
    error_message: row.errorMessage ?? null,
  };
}

function refused(status: number, code: string, message: string): Outcome {
  return { status, body: { error: { code, message, remediation: 'Retry.' } } };
}
