import { redact } from '../../platform/redact.ts';
import { hasColours } from './colours.ts';
import { visible, withoutCommands } from './visible.ts';
import { commandMessage } from './workflowCommand.ts';

/** SGR codes of the terminal. */
const COLOURS = { red: 31, green: 32, yellow: 33, cyan: 36, dim: 2, bold: 1 } as const;

export type Colour = keyof typeof COLOURS;
export type Paint = (colour: Colour, text: string) => string;

/**
 * Where a command writes: what was asked for to stdout, as one JSON document or as text for people; everything
 * else, progress and messages, to stderr. No API key gets out, whoever put it into a text.
 */
export class Output {
  readonly json: boolean;
  readonly inGitHub: boolean;
  readonly #env: Readonly<Record<string, string | undefined>>;
  #secrets: readonly string[] = [];

  constructor(json: boolean, env: Readonly<Record<string, string | undefined>>) {
    this.json = json;
    this.#env = env;
    this.inGitHub = env['GITHUB_ACTIONS'] === 'true';
  }

  /** Texts that are never written. */
  hide(secrets: readonly string[]): void {
    this.#secrets = [...this.#secrets, ...secrets];
  }

  /** The one JSON document; nothing without `--json`. */
  document(value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(this.#clean(value), undefined, 2)}\n`);
  }

  /** What was asked for, for people; nothing with `--json`. */
  print(text: string): void {
    if (!this.json) process.stdout.write(`${this.#shown(text)}\n`);
  }

  /** A source or another file's text, exactly. */
  raw(text: string): void {
    process.stdout.write(text);
  }

  /** Progress and messages. */
  say(text: string): void {
    process.stderr.write(`${this.#shown(text)}\n`);
  }

  warn(text: string): void {
    this.annotate('warning', text);
    this.say(`${this.onStderr('yellow', 'Warning:')} ${text}`);
  }

  /** A line that GitHub shows beside the workflow or in a file; nothing elsewhere. */
  annotate(kind: 'error' | 'warning' | 'notice', text: string, properties = ''): void {
    if (!this.inGitHub) return;
    process.stderr.write(
      `::${kind}${properties === '' ? '' : ` ${properties}`}::${commandMessage(this.#hidden(text))}\n`,
    );
  }

  readonly onStdout: Paint = (colour, text) => this.#painted(process.stdout, colour, text);
  readonly onStderr: Paint = (colour, text) => this.#painted(process.stderr, colour, text);

  #painted(stream: { readonly isTTY?: boolean }, colour: Colour, text: string): string {
    return hasColours(stream, this.#env) ? `\u001B[${COLOURS[colour]}m${text}\u001B[0m` : text;
  }

  #shown(text: string): string {
    // Our own colours are the only control characters that stay.
    const parts = this.#hidden(text).split(/(\u001B\[\d{1,2}m)/);
    const safe = parts.map((part, index) => (index % 2 === 1 ? part : visible(part))).join('');
    return this.inGitHub ? withoutCommands(safe) : safe;
  }

  #hidden(text: string): string {
    return this.#secrets.reduce(redact, redact(text, ''));
  }

  #clean(value: unknown): unknown {
    if (typeof value === 'string') return this.#hidden(value);
    if (Array.isArray(value)) return value.map((each) => this.#clean(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.#clean(each)]));
  }
}
