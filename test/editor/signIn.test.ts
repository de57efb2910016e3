import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { startLocalPlatform, type LocalPlatform } from '../../src/local/platform.ts';
import { extension, until } from './editor.ts';
import { Messages } from './messages.ts';

const PROVIDER = 'butterbase';

/** What a test puts in place of a part of the editor, and how it was before. */
type Replaced = readonly [target: object, name: string, before: PropertyDescriptor];

suite('accounts of the editor', () => {
  const messages = new Messages();
  const replaced: Replaced[] = [];
  let stateDir = '';
  let platform: LocalPlatform;
  /** Labels that the person picks, one after the other. */
  let picks: string[] = [];
  let opened: string[] = [];

  suiteSetup(async function () {
    await extension().activate();
    stateDir = mkdtempSync(path.join(os.tmpdir(), 'bbdo-accounts-'));
    platform = await startLocalPlatform({ stateDir, port: 0, log: () => undefined });
    messages.start();
    replace(vscode.window, 'showQuickPick', async (choices: unknown) => {
      const wanted = picks.shift();
      const items = (await choices) as readonly vscode.QuickPickItem[];
      const found = items.find(({ label }) => wanted !== undefined && label.includes(wanted));
      assert.ok(found !== undefined || wanted === undefined, `${wanted ?? ''} in ${JSON.stringify(items)}`);
      return found;
    });
    replace(vscode.env, 'openExternal', (url: unknown) => {
      opened.push(String(url));
      return Promise.resolve(true);
    });
    // As on a desktop: the browser comes back to this machine.
    replace(vscode.env, 'remoteName', undefined);
    replace(vscode.env, 'uiKind', vscode.UIKind.Desktop);
  });

  setup(() => {
    messages.clear();
    picks = [];
    opened = [];
  });

  suiteTeardown(async () => {
    picks = ['Local Platform'];
    await vscode.commands.executeCommand('butterbaseDO.selectConnection');
    for (const [target, name, before] of replaced.reverse()) Object.defineProperty(target, name, before);
    messages.stop();
    await platform.close();
    rmSync(stateDir, { recursive: true, force: true });
  });

  test('there is a provider, with no account before somebody signed in', async () => {
    assert.deepEqual(await vscode.authentication.getAccounts(PROVIDER), []);
  });

  test('a sign-in through the browser makes an account that the editor knows', async () => {
    const changed = new Promise<string>((resolve) => {
      const listener = vscode.authentication.onDidChangeSessions(({ provider }) => {
        if (provider.id !== PROVIDER) return;
        listener.dispose();
        resolve(provider.label);
      });
    });
    const signedIn = signIn();
    const target = await decide('approve');
    assert.match(target, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\?code=[\w-]{43}&state=[\w-]{43}$/);
    const page = await fetch(target);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /You are signed in\./);
    assert.equal(await changed, 'Butterbase');
    await signedIn;
    const [account, ...more] = await vscode.authentication.getAccounts(PROVIDER);
    assert.deepEqual(more, []);
    const { host } = new URL(platform.url);
    assert.match(
      account?.label ?? '',
      new RegExp(`^Durable Objects in .+ \\(bb_sk_[0-9a-f]{6}…\\) · ${host}$`),
    );
  });

  test('no token is in the log, the settings or the files of the extension', async () => {
    const keys = await keyNames();
    assert.equal(keys.length, 2);
    const [account] = await vscode.authentication.getAccounts(PROVIDER);
    const shown = /bb_sk_[0-9a-f]{6}/.exec(account?.label ?? '')?.[0] ?? 'no key';
    const user = path.join(os.homedir(), '..', 'user');
    for (const file of filesBelow(user)) {
      const text = readFileSync(file, 'latin1');
      for (const [found] of text.matchAll(/bb_sk_[0-9a-f]{12,}/g)) {
        assert.ok(!found.startsWith(shown), `${file} has the key`);
      }
    }
  });

  test('who denies it in the browser is told so, and nothing else changes', async () => {
    const signedIn = signIn();
    const target = await decide('deny');
    assert.match(await (await fetch(target)).text(), /You are not signed in\./);
    await signedIn;
    assert.match(messages.shown.map(({ message }) => message).join(), /was denied/);
    assert.equal((await vscode.authentication.getAccounts(PROVIDER)).length, 1);
  });

  test('a second account stands beside the first', async () => {
    const signedIn = signIn();
    await fetch(await decide('approve'));
    await signedIn;
    assert.equal((await vscode.authentication.getAccounts(PROVIDER)).length, 2);
    assert.equal((await keyNames()).length, 3);
  });

  test('a sign-out revokes the key of that account only', async () => {
    const [first] = await vscode.authentication.getAccounts(PROVIDER);
    picks = [first?.label ?? ''];
    await vscode.commands.executeCommand('butterbaseDO.signOut');
    assert.match(messages.shown.at(-1)?.message ?? '', /and revoked its key/);
    assert.equal((await keyNames()).length, 2);
    assert.equal((await vscode.authentication.getAccounts(PROVIDER)).length, 1);
  });

  test('a key that could not be revoked is said, and forgotten all the same', async () => {
    await platform.close();
    await vscode.commands.executeCommand('butterbaseDO.signOut');
    assert.match(messages.shown.at(-1)?.message ?? '', /but its key still counts on/);
    assert.deepEqual(await vscode.authentication.getAccounts(PROVIDER), []);
    platform = await startLocalPlatform({ stateDir, port: 0, log: () => undefined });
    assert.equal((await keyNames()).length, 2);
  });

  /** The command, with the answers of a person who wants to sign in through the browser. */
  async function signIn(): Promise<void> {
    replaceAddress(platform.url);
    picks = ['Self-Hosted Platform', 'Sign In with the Browser', 'local-app'];
    await vscode.commands.executeCommand('butterbaseDO.signIn');
  }

  /** What the browser and the person in front of it do; resolves to where the browser is sent then. */
  async function decide(decision: 'approve' | 'deny'): Promise<string> {
    const url = await until('the address that is opened in the browser', () => opened.shift());
    const consent = await fetch(url, { redirect: 'manual' });
    assert.equal(consent.status, 302);
    const st = new URL(consent.headers.get('location') ?? '').searchParams.get('st');
    const answer = await fetch(`${platform.url}/oauth/authorize/decide`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${platform.apiKey}`,
        origin: platform.url,
      },
      body: JSON.stringify({ st, decision, target: { key_scope: 'account' } }),
    });
    assert.equal(answer.status, 200);
    return ((await answer.json()) as { redirect_to: string }).redirect_to;
  }

  async function keyNames(): Promise<readonly string[]> {
    const response = await fetch(`${platform.url}/api-keys`, {
      headers: { authorization: `Bearer ${platform.apiKey}` },
    });
    const { keys } = (await response.json()) as { keys: readonly { name: string }[] };
    return keys.map(({ name }) => name);
  }

  /** The next input box is answered with an address. */
  function replaceAddress(address: string): void {
    const create = vscode.window.createInputBox.bind(vscode.window);
    replace(vscode.window, 'createInputBox', () => {
      const box = create();
      const show = box.show.bind(box);
      let accept: (() => unknown) | undefined;
      return new Proxy(box, {
        get: (target, name) => {
          if (name === 'onDidAccept') {
            return (listener: () => unknown) => {
              accept = listener;
              return { dispose: () => undefined };
            };
          }
          if (name === 'show') {
            return () => {
              show();
              target.value = address;
              restore(vscode.window, 'createInputBox');
              accept?.();
            };
          }
          const value = Reflect.get(target, name, target) as unknown;
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
        set: (target, name, value) => Reflect.set(target, name, value, target),
      });
    });
  }

  function replace(target: object, name: string, value: unknown): void {
    const before = Object.getOwnPropertyDescriptor(target, name);
    assert.ok(before !== undefined, name);
    replaced.push([target, name, before]);
    Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true });
  }

  function restore(target: object, name: string): void {
    const index = replaced.findIndex((each) => each[0] === target && each[1] === name);
    const [found] = index < 0 ? [] : replaced.splice(index, 1);
    if (found !== undefined) Object.defineProperty(target, name, found[2]);
  }
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
