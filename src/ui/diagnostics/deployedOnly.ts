import * as vscode from 'vscode';
import { isCancelled } from '../../core/errors.ts';
import type { DoClass } from '../../core/model/app.ts';
import type { LintInput } from '../../core/rules/subject.ts';
import { deployedUri } from '../content/deployedUri.ts';
import { logError } from '../errors.ts';
import { deployedSource, versionOf } from '../files/syncState.ts';
import type { ReadySession, Session } from '../session/session.ts';

type Known =
  | { readonly kind: 'asked'; readonly version: string }
  | { readonly kind: 'read'; readonly version: string; readonly input: LintInput }
  /** `rows`: what was known of the app then. It is asked for again when the app was looked at again. */
  | { readonly kind: 'failed'; readonly version: string; readonly rows: readonly DoClass[] };

/**
 * The sources of classes that are deployed and have no file in the workspace: they are part of the module that
 * the next deploy makes. Each is fetched once for each of its deploys, and only when the linter asks.
 */
export class DeployedOnly implements vscode.Disposable {
  readonly #current: () => Session;
  readonly #changed = new vscode.EventEmitter<void>();
  /** A source that was on its way is there. */
  readonly onDidChange: vscode.Event<void> = this.#changed.event;
  /** By DO name; of `#session`. */
  readonly #known = new Map<string, Known>();
  #session: Session | undefined;

  constructor(current: () => Session) {
    this.#current = current;
  }

  /**
   * As far as they are here. The others are asked for, and `onDidChange` tells when they came.
   * @param rows the classes of the selected app
   * @param names the DO names that have a file
   */
  inputs(rows: readonly DoClass[], names: ReadonlySet<string>): LintInput[] {
    const session = this.#current();
    if (session !== this.#session) this.#known.clear();
    this.#session = session;
    if (session.kind !== 'ready') return [];
    // A class in ERROR is not part of the module.
    return rows
      .filter(({ name, status }) => status !== 'ERROR' && !names.has(name))
      .flatMap((row) => {
        const known = this.#known.get(row.name);
        const isUpToDate =
          known?.version === versionOf(row) && (known.kind !== 'failed' || known.rows === rows);
        if (!isUpToDate) void this.#fetch(row, session, rows);
        return isUpToDate && known.kind === 'read' ? known.input : [];
      });
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** Never rejects. */
  async #fetch(row: DoClass, session: ReadySession, rows: readonly DoClass[]): Promise<void> {
    const { name, accessMode } = row;
    const asked: Known = { kind: 'asked', version: versionOf(row) };
    this.#known.set(name, asked);
    const isWanted = (): boolean => session === this.#session && this.#known.get(name) === asked;
    try {
      const { code } = await deployedSource(row, session);
      if (!isWanted()) return;
      const uri = deployedUri(session.app, name).toString();
      const input: LintInput = { uri, name, accessMode, text: code, isDeployedOnly: true };
      this.#known.set(name, { ...asked, kind: 'read', input });
      this.#changed.fire();
    } catch (error) {
      if (isWanted()) this.#known.set(name, { ...asked, kind: 'failed', rows });
      if (!isCancelled(error)) logError(error, `reading the deployed source of ${name}`);
    }
  }
}
