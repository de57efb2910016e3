import '../vscodeStub.ts';
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { setup, suite, teardown, test } from 'mocha';
import type { ClassStatus, DoClass } from '../../../../src/core/model/app.ts';
import type { AppOperations } from '../../../../src/operations/appOperations.ts';
import type { DeployedOnly as Sources } from '../../../../src/ui/diagnostics/deployedOnly.ts';
import type { ReadySession, Session } from '../../../../src/ui/session/session.ts';

const { DeployedOnly } = await import('../../../../src/ui/diagnostics/deployedOnly.ts');

suite('sources of classes that are deployed and have no file', () => {
  let asked: string[];
  let answer: (name: string) => Promise<string>;
  let session: Session;
  let sources: Sources;
  let told: number;

  setup(() => {
    asked = [];
    answer = (name) => Promise.resolve(`source of ${name}`);
    session = newSession('app_1');
    sources = new DeployedOnly(() => session);
    told = 0;
    sources.onDidChange(() => (told += 1));
  });
  teardown(() => sources.dispose());

  function newSession(appId: string): ReadySession {
    const get = async (name: string): Promise<unknown> => {
      asked.push(name);
      return { ...row(name), code: await answer(name) };
    };
    return {
      kind: 'ready',
      connection: { kind: 'remote', origin: 'https://platform.test', label: 'Butterbase' },
      app: { id: appId, name: 'my-app', subdomain: undefined, region: undefined },
      operations: Object.assign(Object.create(null), { get }) as AppOperations,
      instanceBase: undefined,
    };
  }

  const texts = (rows: readonly DoClass[], ...files: readonly string[]): string[] =>
    sources.inputs(rows, new Set(files)).map(({ text }) => text);

  test('are asked for once for each deploy, and are there when it is told', async () => {
    const rows = [row('room'), row('lobby')];
    assert.deepEqual(texts(rows, 'room'), []);
    assert.deepEqual(texts(rows, 'room'), []);
    await delay(1);
    assert.equal(told, 1);
    assert.deepEqual(asked, ['lobby']);
    assert.deepEqual(sources.inputs(rows, new Set(['room'])), [
      {
        uri: 'butterbase-do:/my-app/lobby (deployed in my-app).ts?app=app_1&name=lobby',
        name: 'lobby',
        accessMode: 'public',
        text: 'source of lobby',
        isDeployedOnly: true,
      },
    ]);
    answer = () => Promise.resolve('of the next deploy');
    const later = [row('lobby', 'READY', '2')];
    assert.deepEqual(texts(later), []);
    await delay(1);
    assert.deepEqual(texts(later), ['of the next deploy']);
    assert.deepEqual(asked, ['lobby', 'lobby']);
  });

  test('a class in ERROR is no part of the module, and one that has a file is known from there', async () => {
    assert.deepEqual(texts([row('broken', 'ERROR'), row('room')], 'room'), []);
    await delay(1);
    assert.deepEqual(asked, []);
  });

  test('what cannot be read is asked for again after the app was looked at again, not with every keystroke', async () => {
    answer = () => Promise.reject(new Error('away'));
    const rows = [row('lobby')];
    texts(rows);
    await delay(1);
    assert.deepEqual(texts(rows), []);
    await delay(1);
    assert.deepEqual(asked, ['lobby']);
    answer = () => Promise.resolve('back');
    const again = [row('lobby')];
    texts(again);
    await delay(1);
    assert.deepEqual(texts(again), ['back']);
  });

  test('an answer for another app comes too late', async () => {
    const rows = [row('lobby')];
    texts(rows);
    session = newSession('app_2');
    assert.deepEqual(texts([]), []);
    await delay(1);
    assert.equal(told, 0);
    assert.deepEqual(texts(rows), []);
    await delay(1);
    assert.match(sources.inputs(rows, new Set())[0]?.uri ?? '', /app=app_2/);
    session = { kind: 'noFolder' };
    assert.deepEqual(texts(rows), []);
  });
});

function row(name: string, status: ClassStatus = 'READY', lastDeployedAt = '1'): DoClass {
  const className = name.toUpperCase();
  return { id: name, name, className, status, accessMode: 'public', lastDeployedAt, errorMessage: undefined };
}
