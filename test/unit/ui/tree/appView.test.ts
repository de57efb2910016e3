import '../vscodeStub.ts';
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { DoError } from '../../../../src/core/errors.ts';
import type { AppSnapshot } from '../../../../src/ui/session/appState.ts';
import type { Session } from '../../../../src/ui/session/session.ts';
import type { AppFacts } from '../../../../src/ui/tree/appView.ts';
import type { AppNode } from '../../../../src/ui/tree/nodes.ts';

const { appNodes, appView, envKeyNodes } = await import('../../../../src/ui/tree/appView.ts');

const ERROR = new DoError({ code: 'UNREACHABLE', message: 'Nothing listens.', nextStep: 'Start it.' });
const SNAPSHOT: AppSnapshot = {
  appId: 'app_1',
  place: 'local',
  classes: [],
  envKeys: ['ZED', 'ALPHA'],
  usage: { requests: 1234, cpuMs: 5600 },
  at: 0,
  stale: undefined,
};

suite('app view', () => {
  test('shows what there is to show in each state', () => {
    const kinds = (session: Session, snapshot?: AppSnapshot): string[] =>
      appNodes(facts({ session, snapshot })).map(({ kind }) => kind);
    assert.deepEqual(kinds({ kind: 'noFolder' }), []);
    assert.deepEqual(kinds({ kind: 'untrusted' }), ['local']);
    assert.deepEqual(kinds({ kind: 'signedOut', connection: REMOTE }), ['connection', 'local']);
    assert.deepEqual(kinds({ kind: 'stopped', connection: LOCAL }), ['local']);
    assert.deepEqual(kinds({ kind: 'unreachable', connection: REMOTE, error: ERROR }, SNAPSHOT), [
      'connection',
      'env',
      'usage',
      'local',
    ]);
  });

  test('the connection says why it cannot be used', () => {
    const view = appView(
      CONNECTION,
      facts({ session: { kind: 'unreachable', connection: REMOTE, error: ERROR } }),
    );
    assert.equal(view.contextValue, 'connection');
    assert.equal(view.label, 'own.example.com');
    assert.equal(view.description, 'not reachable');
    assert.ok(view.tooltip.includes('Nothing listens'));
  });

  test('keys are sorted and keep their ids', () => {
    assert.deepEqual(
      envKeyNodes(SNAPSHOT).map(({ id }) => id),
      ['env/ALPHA', 'env/ZED'],
    );
  });

  test('usage says both numbers with their units, and when it is not known', () => {
    const usage: AppNode = { kind: 'usage', id: 'usage' };
    assert.equal(appView(usage, facts({ snapshot: SNAPSHOT })).description, '1,234 requests · 5.6 s CPU');
    assert.equal(
      appView(usage, facts({ snapshot: { ...SNAPSHOT, usage: { requests: 1, cpuMs: 3 } } })).description,
      '1 request · 3 ms CPU',
    );
    assert.equal(
      appView(usage, facts({ snapshot: { ...SNAPSHOT, usage: undefined } })).description,
      'not known',
    );
  });

  test('the local platform can be started when it failed, and stopped when it runs', () => {
    const local: AppNode = { kind: 'local', id: 'local' };
    const value = (state: AppFacts['local']): string => appView(local, facts({ local: state })).contextValue;
    assert.equal(value({ kind: 'stopped' }), 'local;stopped');
    assert.equal(value({ kind: 'failed', error: ERROR }), 'local;stopped');
    assert.equal(value({ kind: 'starting' }), 'local;starting');
    const running = { kind: 'running', url: 'http://127.0.0.1:4000', apiKey: 'k', apps: [] } as const;
    assert.equal(value(running), 'local;running');
    assert.equal(appView(local, facts({ local: running })).description, '127.0.0.1:4000');
  });
});

const LOCAL = { kind: 'local', origin: 'local', label: 'Local Platform' } as const;
const REMOTE = { kind: 'remote', origin: 'https://own.example.com', label: 'own.example.com' } as const;
const CONNECTION: AppNode = { kind: 'connection', id: 'connection' };

function facts(change: Partial<AppFacts>): AppFacts {
  return { session: { kind: 'noFolder' }, snapshot: undefined, local: { kind: 'stopped' }, ...change };
}
