import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A recorded answer of the platform with what it did at Cloudflare and the rows that it left. */
export interface Transcript {
  readonly name: string;
  readonly note?: string;
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
  readonly cloudflare_calls?: readonly CloudflareCall[];
  readonly db_after?: RowsLeft;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RecordedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Migrations {
  readonly old_tag?: string;
  readonly new_tag: string;
  readonly new_classes: readonly string[];
  readonly deleted_classes: readonly string[];
}

export interface Binding {
  readonly type: string;
  readonly name: string;
  readonly class_name?: string;
}

export interface CloudflareCall {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly metadata?: { readonly bindings: readonly Binding[]; readonly migrations: Migrations };
  readonly status: number | 'socket destroyed';
  readonly response?: { readonly errors: readonly { readonly code: number; readonly message: string }[] };
}

export interface RowsLeft {
  readonly app_durable_objects: readonly {
    readonly name: string;
    readonly class_name: string;
    readonly status: string;
    readonly access_mode: string;
    readonly error_message: string | null;
    readonly last_deployed_at: string | null;
  }[];
  readonly app_do_deploy_state: {
    readonly deployed_class_names: readonly string[];
    readonly migration_tag: string;
  } | null;
  readonly app_do_env_vars: readonly string[];
}

/** What one step of a hazard did. */
export interface HazardStep {
  readonly do: string;
  readonly request?: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly response?: { readonly status: number; readonly body: unknown };
  /** Of changes that were sent at the same time. */
  readonly responses?: readonly { readonly status: number; readonly body: unknown }[];
  readonly cloudflare_received: readonly {
    readonly method?: string;
    readonly status: number;
    readonly migrations?: Migrations;
    readonly fault?: boolean;
    readonly do_bindings?: readonly (Binding | string)[];
    readonly stub_effect?: { readonly classes_whose_storage_was_deleted: readonly string[] };
  }[];
  readonly db_after: RowsLeft;
}

export interface Hazard {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly HazardStep[];
}

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'transcripts');

export function fileNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort();
}

export function transcripts(): Transcript[] {
  return fileNames()
    .map((file) => read(file) as Partial<Transcript>)
    .filter((value): value is Transcript => value.request !== undefined && value.response !== undefined);
}

export function hazards(): { readonly file: string; readonly hazard: Hazard }[] {
  return fileNames()
    .filter((file) => file.startsWith('hazard-'))
    .map((file) => ({ file, hazard: read(file) as Hazard }));
}

/** The request's body in full: long ones were recorded with their beginning and their length only. */
export function fullBody(body: string | undefined): string | undefined {
  const cut = body === undefined ? null : /^([^]*)…<(\d+) bytes in all>$/.exec(body);
  if (cut === null) return body;
  const [, start = '', length = ''] = cut;
  const end = start.startsWith('{"value"') ? '"}' : '","access_mode":"public"}';
  return start + 'x'.repeat(Number(length) - Buffer.byteLength(start) - end.length) + end;
}

/** The path in full: a very long name of `a`s was recorded with its beginning and the path's length only. */
export function fullPath(path: string, end: string): string {
  const cut = /^(.*)…<(\d+) chars>$/.exec(path);
  if (cut === null) return path;
  const [, start = '', length = ''] = cut;
  return start + 'a'.repeat(Number(length) - start.length - end.length) + end;
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
}
