import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'main.ts');

/** A source in which nothing is found. */
export const CLEAN = "export class A {\n  fetch(): Response {\n    return new Response('ok');\n  }\n}\n";

/** A source with one error, in its first line. */
export const IMPORTING = `import z from 'zod';\n${CLEAN}`;

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Row {
  readonly file: string;
  readonly rule: string;
  readonly severity: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
  readonly fixable: boolean;
}

export interface LintOptions {
  /** Folder below, in which it runs. */
  readonly below?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** An open file that takes the output. */
  readonly stdout?: number;
}

/** Folders with files, one for each test, in which `lint` runs as a process of its own. */
export class LintFolder {
  readonly #all = mkdtempSync(join(tmpdir(), 'bb-lint-'));
  #number = 0;

  /** The folder of this test. */
  get path(): string {
    return join(this.#all, String(this.#number));
  }

  /** An empty folder. */
  begin(): void {
    this.#number += 1;
    mkdirSync(this.path);
  }

  remove(): void {
    rmSync(this.#all, { recursive: true, force: true });
  }

  /** Writes a file and answers its whole path. */
  write(path: string, content: string | Uint8Array): string {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  /** Writes a manifest of classes that anybody may call, by DO name. */
  manifest(sources: Readonly<Record<string, string>>, path = '.butterbase/durable-objects.json'): void {
    const classes = Object.entries(sources).map(([name, source]) => [name, { source, accessMode: 'public' }]);
    this.write(path, JSON.stringify({ classes: Object.fromEntries(classes) as object }));
  }

  lint(args: readonly string[], options: LintOptions = {}): Ran {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'lint', ...args], {
      ...this.#surroundings(options),
      stdio: ['ignore', options.stdout ?? 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    return { code: status, out: stdout, err: stderr };
  }

  begun(args: readonly string[], options: LintOptions = {}): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [MAIN, 'lint', ...args], this.#surroundings(options));
  }

  rows(args: readonly string[], options: LintOptions = {}): Row[] {
    return JSON.parse(this.lint(['--format', 'json', ...args], options).out) as Row[];
  }

  #surroundings({ below = '.', env = {} }: LintOptions): { cwd: string; env: NodeJS.ProcessEnv } {
    return {
      cwd: join(this.path, below),
      env: {
        PATH: process.env['PATH'],
        NODE_NO_WARNINGS: '1',
        // Each run would compile TypeScript anew.
        NODE_COMPILE_CACHE: join(this.#all, 'compiled'),
        ...env,
      },
    };
  }
}

/** The files with an error, each once. */
export function filesOf(found: readonly Row[]): string[] {
  return [...new Set(found.filter(({ severity }) => severity === 'error').map(({ file }) => file))];
}
