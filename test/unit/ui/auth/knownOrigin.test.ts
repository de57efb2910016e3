import '../vscodeStub.ts';
import assert from 'node:assert/strict';
import { FakeMemento, FakeSecrets } from './fakeSecrets.ts';

const vscode = await import('vscode');
const { isKnownOrigin } = await import('../../../../src/ui/auth/knownOrigin.ts');
const { KeyStore } = await import('../../../../src/ui/session/keyStore.ts');

const ELSEWHERE = 'https://elsewhere.example';

suite('an address that the person did not enter', () => {
  let questions: string[] = [];
  let answer: string | undefined;
  let keys: InstanceType<typeof KeyStore>;

  setup(() => {
    questions = [];
    answer = undefined;
    const memento = new FakeMemento();
    keys = new KeyStore({
      secrets: new FakeSecrets().window(),
      workspaceState: new FakeMemento(),
      globalState: memento,
    });
    Object.assign(vscode.window, {
      showWarningMessage: (message: string, options: { modal: boolean; detail: string }) => {
        assert.ok(options.modal);
        questions.push(`${message} ${options.detail}`);
        return Promise.resolve(answer);
      },
    });
  });

  teardown(() => keys.dispose());

  test('is not signed in to before they say so', async () => {
    assert.equal(await isKnownOrigin(keys, ELSEWHERE), false);
    answer = 'Sign In';
    assert.equal(await isKnownOrigin(keys, ELSEWHERE), true);
    assert.equal(questions.length, 2);
    assert.match(questions[0] ?? '', /https:\/\/elsewhere\.example.*may come from a file of this folder/);
  });

  test('needs no question where they signed in before, and at Butterbase itself', async () => {
    await keys.use(
      await keys.accounts.add({
        id: 'a',
        origin: ELSEWHERE,
        token: `bb_sk_${'a'.repeat(40)}`,
        label: 'a',
        made: 'pasted',
        keyId: null,
        at: '2026-11-22T12:00:00.000Z',
      }),
    );
    assert.equal(await isKnownOrigin(keys, ELSEWHERE), true);
    assert.equal(await isKnownOrigin(keys, 'https://api.butterbase.ai'), true);
    assert.deepEqual(questions, []);
  });

  test('that resembles a known one is asked about', async () => {
    const { origin } = new URL('https://api.butterbase.ai.evil.example');
    for (const address of [origin, 'http://api.butterbase.ai', 'https://api.butterbase.ai:444']) {
      assert.equal(await isKnownOrigin(keys, address), false);
    }
    assert.equal(questions.length, 3);
  });
});
