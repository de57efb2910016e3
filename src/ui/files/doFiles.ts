import * as vscode from 'vscode';
import { toError } from '../../core/errors.ts';
import type { AccessMode } from '../../core/model/app.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import { toDoName } from '../../core/model/names.ts';
import { setContext } from '../contextKeys.ts';
import { log } from '../log.ts';
import { affects, settings } from '../settings.ts';
import type { CurrentFolder } from './currentFolder.ts';
import { isNotFound, manifestUri, readManifest } from './manifestStore.ts';

/** A TypeScript file that is, or is to become, a Durable Object class. */
export interface DoFile {
  readonly uri: vscode.Uri;
  readonly folder: vscode.WorkspaceFolder;
  /** The DO name: of the manifest, else made from the file name. Not checked: the linter says when it is no valid one. */
  readonly name: string;
  /** Undefined until the file was deployed once. */
  readonly accessMode: AccessMode | undefined;
  readonly inManifest: boolean;
}

/** Why a folder's manifest cannot be used. */
export interface ManifestProblem {
  readonly folder: vscode.WorkspaceFolder;
  readonly error: Error;
}

/** Milliseconds in which changes of files are gathered before the folders are read again. */
const QUIET_MS = 150;

/** Most files that the glob may name in one folder: a glob such as `**` must not stall the editor. */
const MAX_FILES = 500;

/**
 * The Durable Object files of all workspace folders: those in a folder's manifest and those that match the
 * glob setting. Nothing is read or watched before somebody asks.
 */
export class DoFiles implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when the list, a name or an access mode changed. */
  readonly onDidChange: vscode.Event<void> = this.#changed.event;
  readonly #contentChanged = new vscode.EventEmitter<vscode.Uri>();
  /** Fires when one of the files changed on disk. */
  readonly onDidChangeContent: vscode.Event<vscode.Uri> = this.#contentChanged.event;
  readonly #manifestFailed = new vscode.EventEmitter<ManifestProblem>();
  /** Fires when a manifest became unreadable, or is so in another way than before. */
  readonly onManifestProblem: vscode.Event<ManifestProblem> = this.#manifestFailed.event;

  readonly #current: CurrentFolder;
  #files: readonly DoFile[] = [];
  #byUri = new Map<string, DoFile>();
  #problems = new Map<string, string>();
  #manifests = new Map<string, Manifest>();
  #scan: Promise<readonly DoFile[]> | undefined;
  #scans = 0;
  #isRead = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watched = '';
  #watchers: vscode.Disposable[] = [];
  readonly #listeners: vscode.Disposable[] = [];

  constructor(current: CurrentFolder) {
    this.#current = current;
    this.#listeners.push(current.onDidChange(() => this.#changed.fire()));
  }

  /** What is known so far, of all folders. */
  get known(): readonly DoFile[] {
    return this.#files;
  }

  /** All files, sorted by name. The first call reads the folders; later ones answer from what is known. */
  all(): Promise<readonly DoFile[]> {
    return this.#scan ?? this.refresh();
  }

  /** Whether the folders were read to the end once. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /**
   * Those that are open, without a search of the folders: it takes seconds in a window that was just opened. They
   * are what `all` has of them, too.
   */
  async open(): Promise<readonly DoFile[]> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const found = await Promise.all(folders.map((folder) => this.#readFolder(folder, IN_EDITOR)));
    return found.flat();
  }

  /** Those of the current folder: the files of the app that the window is connected to. */
  async ofApp(): Promise<readonly DoFile[]> {
    return (await this.all()).filter(({ folder }) => this.#current.is(folder));
  }

  /** Whether a file is of the app that the window is connected to. */
  isOfApp(file: DoFile): boolean {
    return this.#current.is(file.folder);
  }

  /** The file at `uri`, as far as the folders were read. */
  find(uri: vscode.Uri): DoFile | undefined {
    return this.#byUri.get(uri.toString());
  }

  /** The file of the app with the DO name `name`; one in a manifest wins. */
  byName(name: string): DoFile | undefined {
    const named = this.#files.filter((file) => file.name === name && this.isOfApp(file));
    return named.find((file) => file.inManifest) ?? named[0];
  }

  /** Reads the folders again, for example after a deploy wrote the manifest. */
  refresh(): Promise<readonly DoFile[]> {
    if (this.#scan === undefined) this.#listen();
    this.#scan = this.#read();
    return this.#scan;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const one of [
      ...this.#watchers,
      ...this.#listeners,
      this.#changed,
      this.#contentChanged,
      this.#manifestFailed,
    ])
      one.dispose();
  }

  #listen(): void {
    const soon = (): void => this.#refreshSoon();
    this.#listeners.push(
      vscode.workspace.onDidChangeWorkspaceFolders(soon),
      vscode.workspace.onDidCreateFiles(soon),
      vscode.workspace.onDidDeleteFiles(soon),
      vscode.workspace.onDidRenameFiles(soon),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affects(event, 'sourceGlob')) soon();
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (document.fileName.endsWith('durable-objects.json')) soon();
      }),
      // Watchers of the system lose files of a folder that was made a moment ago, and some folders are not watched.
      // A document that stays open while no editor shows it does not open again when one does.
      vscode.workspace.onDidOpenTextDocument((document) => this.#seen(document)),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const { document } of editors) this.#seen(document);
      }),
    );
  }

  #seen(document: vscode.TextDocument): void {
    if (this.find(document.uri) === undefined && isNamedByGlob(document)) this.#refreshSoon();
  }

  #refreshSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), QUIET_MS);
  }

  async #read(): Promise<readonly DoFile[]> {
    this.#scans += 1;
    const scan = this.#scans;
    const folders = vscode.workspace.workspaceFolders ?? [];
    const found = await Promise.all(folders.map((folder) => this.#readFolder(folder, ON_DISK)));
    const files = found.flat().sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    if (scan !== this.#scans) return this.all();
    this.#isRead = true;
    const isSame = describe(files) === describe(this.#files);
    if (!isSame) {
      this.#files = files;
      this.#byUri = new Map(files.map((file) => [file.uri.toString(), file]));
      setContext(
        'butterbaseDO.files',
        files.map((file) => resourcePath(file.uri)),
      );
    }
    this.#watch(folders);
    if (!isSame) this.#changed.fire();
    return files;
  }

  async #readFolder(folder: vscode.WorkspaceFolder, { has, inGlob }: Place): Promise<DoFile[]> {
    const manifest = await this.#readManifest(folder);
    const files = new Map<string, DoFile>();
    const entries = Object.entries(manifest.classes).map(async ([name, entry]) => {
      const uri = vscode.Uri.joinPath(folder.uri, ...entry.source.split('/'));
      return (await has(uri))
        ? { uri, folder, name, accessMode: entry.accessMode, inManifest: true }
        : undefined;
    });
    for (const file of await Promise.all(entries)) {
      if (file !== undefined && !files.has(file.uri.toString())) files.set(file.uri.toString(), file);
    }
    for (const uri of await inGlob(folder)) {
      if (files.has(uri.toString())) continue;
      const name = toDoName(uri.path.slice(uri.path.lastIndexOf('/') + 1));
      files.set(uri.toString(), { uri, folder, name, accessMode: undefined, inManifest: false });
    }
    return [...files.values()];
  }

  /** While a manifest cannot be read, what it last said stays valid: files do not lose their names. */
  async #readManifest(folder: vscode.WorkspaceFolder): Promise<Manifest> {
    const key = folder.uri.toString();
    try {
      const manifest = await readManifest(folder);
      this.#manifests.set(key, manifest);
      this.#problems.delete(key);
      return manifest;
    } catch (thrown) {
      const error = toError(thrown);
      if (this.#problems.get(key) !== error.message) {
        this.#problems.set(key, error.message);
        log().warn(error.message);
        this.#manifestFailed.fire({ folder, error });
      }
      return this.#manifests.get(key) ?? { classes: {} };
    }
  }

  #watch(folders: readonly vscode.WorkspaceFolder[]): void {
    const patterns = folders.flatMap((folder) => [
      { base: folder.uri, glob: settings.sourceGlob(folder.uri) },
      { base: vscode.Uri.joinPath(manifestUri(folder), '..'), glob: 'durable-objects.json' },
      ...this.#files
        .filter((file) => file.inManifest && file.folder.uri.toString() === folder.uri.toString())
        .map((file) => ({ base: vscode.Uri.joinPath(file.uri, '..'), glob: basename(file.uri) })),
    ]);
    const wanted = JSON.stringify(patterns.map(({ base, glob }) => [base.toString(), glob]));
    if (wanted === this.#watched) return;
    this.#watched = wanted;
    for (const watcher of this.#watchers) watcher.dispose();
    this.#watchers = patterns.flatMap(({ base, glob }) => this.#watchPattern(base, glob));
    for (const folder of folders) this.#watchers.push(...this.#watchFoldersGoing(folder));
    // What came between the reading of the folders and now was seen by neither.
    this.#refreshSoon();
  }

  #watchPattern(base: vscode.Uri, glob: string): vscode.Disposable[] {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(base, glob));
    const isManifest = glob === 'durable-objects.json';
    const soon = (): void => this.#refreshSoon();
    const events = [watcher.onDidCreate(soon), watcher.onDidDelete(soon)];
    const changed = (uri: vscode.Uri): void => {
      if (this.find(uri) !== undefined) this.#contentChanged.fire(uri);
    };
    events.push(watcher.onDidChange(isManifest ? soon : changed));
    return [watcher, ...events];
  }

  /**
   * A deleted folder is one event: nothing says that the files in it are gone. One that is made again at once is
   * told of as changed.
   */
  #watchFoldersGoing(folder: vscode.WorkspaceFolder): vscode.Disposable[] {
    const pattern = new vscode.RelativePattern(folder, '**');
    const watcher = vscode.workspace.createFileSystemWatcher(pattern, true, false, false);
    const happened = (changed: vscode.Uri): void => {
      const inside = `${changed.toString()}/`;
      if (this.#files.some((file) => file.uri.toString().startsWith(inside))) this.#refreshSoon();
    };
    return [watcher, watcher.onDidChange(happened), watcher.onDidDelete(happened)];
  }
}

/** Where files are looked for. */
interface Place {
  readonly has: (uri: vscode.Uri) => boolean | Promise<boolean>;
  /** The files of a folder that the glob setting names. */
  readonly inGlob: (folder: vscode.WorkspaceFolder) => vscode.Uri[] | Promise<vscode.Uri[]>;
}

const ON_DISK: Place = { has: exists, inGlob: searched };
const IN_EDITOR: Place = { has: isOpen, inGlob: openInGlob };

async function searched(folder: vscode.WorkspaceFolder): Promise<vscode.Uri[]> {
  const glob = settings.sourceGlob(folder.uri).trim();
  if (glob === '') return [];
  const pattern = new vscode.RelativePattern(folder, glob);
  const uris = await vscode.workspace.findFiles(pattern, '**/node_modules/**', MAX_FILES);
  return uris.filter((uri) => isSourceOf(folder, uri));
}

function isOpen(uri: vscode.Uri): boolean {
  return vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
}

function openInGlob(folder: vscode.WorkspaceFolder): vscode.Uri[] {
  return vscode.workspace.textDocuments
    .filter((document) => isSourceOf(folder, document.uri) && isNamedByGlob(document))
    .map(({ uri }) => uri);
}

/** Whether the glob setting names a document: known without a look at the disk. */
export function isNamedByGlob(document: vscode.TextDocument): boolean {
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  if (folder === undefined || !isSourceOf(folder, document.uri)) return false;
  const glob = settings.sourceGlob(folder.uri).trim();
  if (glob === '' || /\/node_modules\//.test(document.uri.path)) return false;
  return vscode.languages.match({ pattern: new vscode.RelativePattern(folder, glob) }, document) > 0;
}

function isSourceOf(folder: vscode.WorkspaceFolder, uri: vscode.Uri): boolean {
  return (
    /\.[cm]?tsx?$/.test(uri.path) &&
    !/\.d\.[cm]?ts$/.test(uri.path) &&
    // A workspace folder may lie in another one: a file belongs to the inner.
    vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() === folder.uri.toString()
  );
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    const stat = await vscode.workspace.fs.stat(uri);
    return (stat.type & vscode.FileType.Directory) === 0;
  } catch (error) {
    if (!isNotFound(error)) log().warn(`${uri.path}: ${toError(error).message}`);
    return false;
  }
}

function describe(files: readonly DoFile[]): string {
  return JSON.stringify(
    files.map((file) => [file.uri.toString(), file.name, file.accessMode, file.inManifest]),
  );
}

function basename(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

/** The path as the editor's context key `resourcePath` has it. */
function resourcePath(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.path;
}
