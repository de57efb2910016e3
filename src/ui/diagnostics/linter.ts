import * as vscode from 'vscode';
import type { DoClass } from '../../core/model/app.ts';
import type { Finding } from '../../core/rules/finding.ts';
import { settingsForDeploy, withSettings } from '../../core/rules/severities.ts';
import { ShownFindings } from '../../core/rules/shownFindings.ts';
import type { LintInput } from '../../core/rules/subject.ts';
import type { Disposable } from '../disposable.ts';
import { type CurrentFolder, hasSeveralFolders } from '../files/currentFolder.ts';
import { type DoFile, type DoFiles, isNamedByGlob } from '../files/doFiles.ts';
import type { ForeignSources } from '../files/foreignSources.ts';
import { readSource } from '../files/readSource.ts';
import { logError } from '../errors.ts';
import { affects, settings } from '../settings.ts';
import type { Parts } from '../parts.ts';
import type { AppState } from '../session/appState.ts';
import type { DeployedOnly } from './deployedOnly.ts';
import { type LintClient } from './lintClient.ts';
import { toDiagnostic } from './toDiagnostic.ts';

/** Milliseconds without a keystroke after which a file is checked. */
const QUIET_MS = 120;

/**
 * Checks the Durable Object files while one types. The rules run in a worker; the extension host only hands
 * over the text of what changed. Findings are shown for open files; the others are context for the rules
 * that look at the whole app.
 */
export class Linter implements vscode.Disposable {
  readonly #files: DoFiles;
  readonly #folder: CurrentFolder;
  readonly #state: AppState;
  readonly #client: LintClient;
  readonly #foreign: ForeignSources;
  readonly #deployedOnly: DeployedOnly;
  readonly #diagnostics = vscode.languages.createDiagnosticCollection('durable-objects');
  /** With the rules' own severities. */
  readonly #shown = new ShownFindings();
  readonly #changedUris = new Set<string>();
  /** What the worker knows, so that only changes are sent. */
  #known = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #run: Promise<void> = Promise.resolve();
  #pass: Promise<unknown> = Promise.resolve();
  readonly #subscriptions: readonly Disposable[];

  constructor(
    { files, folder, state }: Pick<Parts, 'files' | 'folder' | 'state'>,
    client: LintClient,
    foreign: ForeignSources,
    deployedOnly: DeployedOnly,
  ) {
    this.#files = files;
    this.#state = state;
    this.#folder = folder;
    this.#client = client;
    this.#foreign = foreign;
    this.#deployedOnly = deployedOnly;
    const all = (): void => this.#soon();
    this.#subscriptions = [
      this.#diagnostics,
      files.onDidChange(all),
      state.onDidChange(all),
      foreign.onDidChange(all),
      deployedOnly,
      deployedOnly.onDidChange(all),
      files.onDidChangeContent((uri) => this.#touch(uri)),
      vscode.workspace.onDidOpenTextDocument((document) => {
        if (files.isRead) this.#touch(document.uri);
        else this.#lookEarly(document);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length === 0 || !this.#isOurs(document.uri)) return;
        const edited = { uri: document.uri.toString(), changes: contentChanges };
        for (const [uri, findings] of this.#shown.edited(edited)) this.#setDiagnostics(uri, findings);
        this.#touch(document.uri);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affects(event, 'rules')) this.#showAgain();
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.#forget(uri.toString());
        this.#touch(uri);
      }),
    ];
    // Not while the editor waits for the extension to start: making a thread takes a while.
    setTimeout(() => vscode.workspace.textDocuments.forEach((document) => this.#lookEarly(document)));
    all();
  }

  /** The findings of an open file as last shown. */
  findings(document: vscode.TextDocument): readonly Finding[] {
    const shown = this.#shown.of(document.uri.toString());
    return shown?.version === document.version
      ? withSettings(shown.findings, settings.rules(document.uri))
      : [];
  }

  /**
   * Checks a file now and waits for the answer: what a deploy is judged by. What the platform refuses is in it
   * whatever the settings say.
   */
  async check(uri: vscode.Uri): Promise<readonly Finding[]> {
    const findings = await this.#checkNow(uri);
    return withSettings(findings, settingsForDeploy(settings.rules(uri)));
  }

  /** The text of an open file after all fixes that need nobody; undefined when there is none, or it changed. */
  async fixAll(document: vscode.TextDocument): Promise<string | undefined> {
    const { uri, version } = document;
    if (this.#files.find(uri) === undefined) return undefined;
    if (this.#shown.of(uri.toString())?.version !== version) await this.#checkNow(uri);
    const text = await this.#client.fixAll(uri.toString(), settings.rules(uri));
    return document.version === version && text !== document.getText() ? text : undefined;
  }

  /** The env keys of the app that no class reads; undefined when that cannot be known from the files. */
  async unusedEnvKeys(): Promise<readonly string[] | undefined> {
    await this.#lint();
    return this.#client.unusedEnvKeys();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#client.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #checkNow(uri: vscode.Uri): Promise<readonly Finding[]> {
    this.#changedUris.add(uri.toString());
    const results = await this.#lint();
    return results.get(uri.toString()) ?? [];
  }

  /** A document that was there before the folders were read: the worker starts while they are. */
  #lookEarly(document: vscode.TextDocument): void {
    if (isNamedByGlob(document)) this.#client.warmUp();
    this.#soon();
  }

  #touch(uri: vscode.Uri): void {
    if (!this.#isOurs(uri)) return;
    this.#changedUris.add(uri.toString());
    this.#soon();
  }

  /** Before the folders were read to the end, only what the worker was given is known to be a file of ours. */
  #isOurs(uri: vscode.Uri): boolean {
    return this.#files.find(uri) !== undefined || this.#known.has(uri.toString());
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#run = this.#run.then(() => this.#lintQuietly());
    }, QUIET_MS);
  }

  async #lintQuietly(): Promise<void> {
    try {
      const isPartial = !this.#files.isRead;
      if (isPartial) void this.#files.all().then(() => this.#soon(), onError);
      const files = isPartial ? await this.#files.open() : await this.#files.all();
      // Without an open file there is nobody to show findings to, and the worker need not start.
      if (isAnyOpen(files)) await this.#lintFiles(files, isPartial);
    } catch (error) {
      onError(error);
    }
  }

  async #lint(): Promise<Map<string, readonly Finding[]>> {
    return this.#lintFiles(await this.#files.all());
  }

  /**
   * One pass at a time: one that still has an older list would take away from the worker what a newer one gave it.
   * @param isPartial the files are those that are open, and others are still looked for
   */
  #lintFiles(files: readonly DoFile[], isPartial = false): Promise<Map<string, readonly Finding[]>> {
    const pass = this.#pass.then(() => this.#lintNow(files, isPartial));
    this.#pass = pass.catch(() => undefined);
    return pass;
  }

  async #lintNow(files: readonly DoFile[], isPartial: boolean): Promise<Map<string, readonly Finding[]>> {
    const changed = new Set(this.#changedUris);
    this.#changedUris.clear();
    const open = new Map(
      vscode.workspace.textDocuments.map((document) => [document.uri.toString(), document]),
    );
    const versions = new Map([...open].map(([uri, document]) => [uri, document.version]));
    const snapshot = isPartial ? undefined : this.#state.snapshot;
    const rows = snapshot?.classes ?? NOTHING_DEPLOYED;
    const ofApp = files.filter((file) => this.#files.isOfApp(file));
    const app = this.#folder.key;
    const elsewhere = this.#deployedOnly
      .inputs(rows, new Set(ofApp.map(({ name }) => name)))
      .map((input) => ({ ...input, app }));
    const removed = this.#gone([
      ...files.map(({ uri }) => uri.toString()),
      ...elsewhere.map(({ uri }) => uri),
    ]);
    const inputs = await this.#inputs(files, changed, open);
    const deployedSources = this.#foreign.of(rows);
    for (const { name, text, app: of } of inputs) {
      if (of === app && name !== undefined && deployedSources.get(name) === text) this.#foreign.seen(name);
    }
    const results = await this.#client.lint({
      files: [...inputs, ...this.#unknownOf(elsewhere)],
      removed,
      app,
      deployed: rows,
      envKeys: snapshot?.envKeys,
      appEnvKeys: snapshot?.appEnvKeys,
      deployedSources,
      isPartial,
    });
    for (const file of files) this.#show(file, versions, results);
    return results;
  }

  /** Files that are no Durable Object files any more: their findings go. */
  #gone(uris: readonly string[]): string[] {
    const present = new Set(uris);
    const gone = [...this.#known.keys()].filter((uri) => !present.has(uri));
    for (const uri of gone) {
      this.#known.delete(uri);
      this.#forget(uri);
    }
    return gone;
  }

  async #inputs(
    files: readonly DoFile[],
    changed: ReadonlySet<string>,
    open: ReadonlyMap<string, vscode.TextDocument>,
  ): Promise<LintInput[]> {
    const inputs: LintInput[] = [];
    for (const file of files) {
      const uri = file.uri.toString();
      const app = hasSeveralFolders() ? file.folder.uri.toString() : '';
      const description = JSON.stringify([file.name, file.accessMode, app]);
      if (!changed.has(uri) && this.#known.get(uri) === description) continue;
      const text = open.get(uri)?.getText() ?? (await savedText(file.uri));
      this.#known.set(uri, description);
      inputs.push({ uri, name: file.name, accessMode: file.accessMode, text, app });
    }
    return inputs;
  }

  /** What the worker does not know, or knows as it was before another deploy. */
  #unknownOf(inputs: readonly LintInput[]): LintInput[] {
    return inputs.filter(({ uri, name, accessMode, text, app }) => {
      const description = JSON.stringify([name, accessMode, text, app]);
      const isKnown = this.#known.get(uri) === description;
      this.#known.set(uri, description);
      return !isKnown;
    });
  }

  /** Shows what was found in an open file, unless it changed since: then the next answer is on its way. */
  #show(
    file: DoFile,
    versions: ReadonlyMap<string, number>,
    results: ReadonlyMap<string, readonly Finding[]>,
  ): void {
    const uri = file.uri.toString();
    const findings = results.get(uri);
    const version = versions.get(uri);
    if (findings === undefined || version === undefined) return;
    const document = vscode.workspace.textDocuments.find((candidate) => candidate.uri.toString() === uri);
    if (document?.version !== version) return;
    this.#setDiagnostics(uri, this.#shown.answered(uri, version, findings));
  }

  /** The findings are known; only what is made of them changed. */
  #showAgain(): void {
    for (const [uri, findings] of this.#shown.all()) this.#setDiagnostics(uri, findings);
  }

  #setDiagnostics(key: string, findings: readonly Finding[]): void {
    const uri = vscode.Uri.parse(key, true);
    this.#diagnostics.set(uri, withSettings(findings, settings.rules(uri)).map(toDiagnostic));
  }

  #forget(uri: string): void {
    if (this.#shown.forget(uri)) this.#diagnostics.delete(vscode.Uri.parse(uri, true));
  }
}

function onError(error: unknown): void {
  logError(error, 'lint');
}

function isAnyOpen(files: readonly DoFile[]): boolean {
  const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
  return files.some(({ uri }) => open.has(uri.toString()));
}

const NOTHING_DEPLOYED: readonly DoClass[] = [];

/** A file that cannot be read or is no text is context of nothing; deploying it says what is wrong with it. */
async function savedText(uri: vscode.Uri): Promise<string> {
  try {
    return await readSource(uri);
  } catch {
    return '';
  }
}
