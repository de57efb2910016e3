import os from 'node:os';
import * as vscode from 'vscode';
import type { App } from '../../core/model/app.ts';
import { hostedInstanceBase } from '../../core/model/instanceBase.ts';
import type { AppOperations } from '../../operations/appOperations.ts';
import type { OperationTools } from '../../operations/operationTools.ts';
import type { PlatformClient } from '../../platform/client.ts';
import { HOSTED_ORIGIN, normaliseOrigin } from '../../platform/origin.ts';
import type { Disposable } from '../disposable.ts';
import type { CurrentFolder } from '../files/currentFolder.ts';
import type { LocalPlatformController } from '../local/controller.ts';
import { settings } from '../settings.ts';
import { backend } from './backend.ts';
import { cliSignIn, type CliSignIn } from './cliSignIn.ts';
import { memoryKey } from './connections.ts';
import type { InstanceDomains } from './instanceDomains.ts';
import type { KeyStore } from './keyStore.ts';
import type { Connection } from './session.ts';
import type { PlatformAddress, SessionMemory, SessionPrompts, SessionWorld } from './sessionWorld.ts';

export interface EditorWorldParts {
  readonly context: vscode.ExtensionContext;
  readonly folder: CurrentFolder;
  readonly keys: KeyStore;
  readonly local: LocalPlatformController;
  readonly domains: InstanceDomains;
  readonly prompts: SessionPrompts;
}

/** The session's surroundings in the real editor. */
export function editorWorld(parts: EditorWorldParts): SessionWorld & Disposable {
  const { context, folder, keys, local, domains } = parts;
  const clients = new Clients(context, local);
  return {
    hasFolder: () => (vscode.workspace.workspaceFolders?.length ?? 0) > 0,
    isTrusted: () => vscode.workspace.isTrusted,
    mayAutoStart: () => settings.localAutoStart() && !local.stoppedByPerson,
    memory: editorMemory(context, folder),
    keyOf: (origin) => keys.get(origin),
    cliSignIn: async () => {
      const signIn = await readCliSignIn(folder);
      return signIn !== undefined && keys.isSignedOut(signIn.origin) ? undefined : signIn;
    },
    local,
    // What a session begins with: somebody wants to know, so the platform is asked even if it did not answer lately.
    listApps: async (address, signal) => (await clients.of(address)).listApps({ signal, insist: true }),
    operations: (address, app) => clients.operations(address, app),
    instanceBase: (connection, app) => instanceBase(connection, app, local, domains),
    prompts: parts.prompts,
    dispose: () => clients.dispose(),
  };
}

/** One pooled client at a time: that of the current address. */
class Clients implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #local: LocalPlatformController;
  #tools: OperationTools | undefined;
  #open: { readonly key: string; readonly client: PlatformClient } | undefined;

  constructor(context: vscode.ExtensionContext, local: LocalPlatformController) {
    this.#context = context;
    this.#local = local;
  }

  async of(address: PlatformAddress): Promise<PlatformClient> {
    const { PlatformClient } = await backend();
    const timeoutMs = settings.requestTimeoutMs();
    const proxy = settings.proxy();
    const key = JSON.stringify([address, timeoutMs, proxy]);
    if (this.#open?.key === key) return this.#open.client;
    void this.#open?.client.close().catch(() => undefined);
    const client = new PlatformClient(address, { timeoutMs, proxy });
    this.#open = { key, client };
    return client;
  }

  async operations(address: PlatformAddress, app: App): Promise<AppOperations> {
    const { AppOperations, operationTools } = await backend();
    this.#tools ??= operationTools({
      home: os.homedir(),
      env: process.env,
      near: this.#context.extensionPath,
      holder: vscode.env.appName,
    });
    const { origin } = address;
    return new AppOperations({
      ...this.#tools,
      client: await this.of(address),
      app,
      origin,
      platform: this.#local.owns(origin) ? 'local' : origin,
      from: 'editor',
    });
  }

  dispose(): void {
    void this.#open?.client.close().catch(() => undefined);
  }
}

/**
 * Who is signed in with the platform's command line, of the home folder and, in a trusted workspace, of the
 * current one when it is on disk. Throws DoError `BAD_CONFIG` for a broken file.
 */
export async function readCliSignIn({ value }: CurrentFolder): Promise<CliSignIn | undefined> {
  const { readCliConfig } = await backend();
  const folder = value?.uri.scheme === 'file' ? value.uri.fsPath : undefined;
  const home = os.homedir();
  const atHome = await readCliConfig(undefined, home);
  const merged =
    vscode.workspace.isTrusted && folder !== undefined ? await readCliConfig(folder, home) : atHome;
  return cliSignIn(atHome, merged, normaliseOrigin);
}

function instanceBase(
  connection: Connection,
  app: App,
  local: LocalPlatformController,
  domains: InstanceDomains,
): string | undefined {
  if (connection.kind === 'local') {
    const running = local.current;
    const origin =
      running.kind === 'running' ? running.apps.find(({ id }) => id === app.id)?.origin : undefined;
    return origin === undefined || origin === '' ? undefined : origin;
  }
  return connection.origin === HOSTED_ORIGIN
    ? hostedInstanceBase(app.subdomain)
    : domains.baseOf(connection.origin, app.subdomain);
}

function editorMemory(
  { workspaceState, globalState }: vscode.ExtensionContext,
  folder: CurrentFolder,
): SessionMemory {
  // Without a folder's key, what a window with one folder has remembered.
  const ofFolder = (key: string): string => (folder.key === '' ? key : `${key} ${folder.key}`);
  const connectionKey = (): string => ofFolder('connection');
  const appKey = (connection: Connection): string => ofFolder(`app ${memoryKey(connection)}`);
  const shareKey = (from: string, to: string): string => `shareKey ${from} ${to}`;
  return {
    connection: () => workspaceState.get<Connection>(connectionKey()),
    setConnection: async (connection) => workspaceState.update(connectionKey(), connection),
    app: (connection) => workspaceState.get<string>(appKey(connection)),
    setApp: async (connection, appId) => workspaceState.update(appKey(connection), appId),
    isTaken: (connection, appId) =>
      workspaceState
        .keys()
        .some(
          (key) =>
            key.startsWith(`app ${memoryKey(connection)} `) &&
            key !== appKey(connection) &&
            workspaceState.get(key) === appId,
        ),
    mayShareKey: (from, to) => globalState.get<boolean>(shareKey(from, to)) === true,
    allowShareKey: async (from, to) => globalState.update(shareKey(from, to), true),
  };
}
