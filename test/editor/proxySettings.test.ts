import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { affectsNetwork, settings } from '../../src/ui/settings.ts';

const { Global } = vscode.ConfigurationTarget;

suite('the settings of the editor for proxies', () => {
  teardown(async () => {
    for (const key of ['proxy', 'noProxy', 'proxyAuthorization', 'proxySupport', 'proxyStrictSSL']) {
      await set(key, undefined);
    }
  });

  test('are taken as they are at the moment', async () => {
    const nothing = settings.proxy();
    assert.deepEqual([nothing.noProxy, nothing.authorization], [[], undefined]);
    assert.equal(nothing.checksCertificates, true);
    await set('proxy', 'http://proxy.test:3128');
    await set('noProxy', ['butterbase.test']);
    await set('proxyAuthorization', 'Basic x');
    assert.deepEqual(settings.proxy(), {
      url: 'http://proxy.test:3128',
      noProxy: ['butterbase.test'],
      authorization: 'Basic x',
      checksCertificates: true,
    });
  });

  test('without proxies there is none for any host', async () => {
    await set('proxy', 'http://proxy.test:3128');
    await set('proxySupport', 'off');
    assert.deepEqual(settings.proxy(), { noProxy: ['*'] });
  });

  test('the check of certificates can be turned off', async () => {
    await set('proxyStrictSSL', false);
    assert.equal(settings.proxy().checksCertificates, false);
  });

  test('a change of one is known to change how platforms are asked', async () => {
    const seen: boolean[] = [];
    const listener = vscode.workspace.onDidChangeConfiguration((event) => seen.push(affectsNetwork(event)));
    await set('proxy', 'http://other.test:3128');
    await vscode.workspace.getConfiguration('editor').update('tabSize', 3, Global);
    await vscode.workspace.getConfiguration('editor').update('tabSize', undefined, Global);
    listener.dispose();
    assert.equal(seen[0], true);
    assert.ok(seen.slice(1).every((isNetwork) => !isNetwork));
  });

  async function set(key: string, value: unknown): Promise<void> {
    await vscode.workspace.getConfiguration('http').update(key, value, Global);
  }
});
