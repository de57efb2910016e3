import assert from 'node:assert/strict';
import type { DoClass } from '../../../../src/core/model/app.ts';
import { deletedBy, deployedBy } from '../../../../src/operations/history/auditTrail.ts';
import type { AuditEntry } from '../../../../src/platform/schemas.ts';

const ROW: DoClass = {
  id: 'row-1',
  name: 'chat-room',
  className: 'ChatRoom',
  status: 'READY',
  accessMode: 'public',
  lastDeployedAt: '2026-01-01T12:00:00.000Z',
  errorMessage: undefined,
};
const KEYS = [{ id: 'c4134eab-923a-4ddc-a7d9-29f59ad7dabe', name: 'CI' }];

function logged(at: string, parts: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: at,
    at: `2026-01-01T${at}Z`,
    eventType: 'durable_object.create',
    resourceId: 'row-1',
    actorType: 'api_key',
    actorId: KEYS[0]?.id,
    name: 'chat-room',
    ...parts,
  };
}

suite('who deployed', () => {
  test('is the key of the entry nearest to the deploy, by its name', () => {
    const log = [
      logged('12:00:00.900', { actorId: 'ffffffff-0000' }),
      logged('12:00:00.040'),
      logged('11:59:50.000', { actorId: 'ffffffff-0000' }),
    ];
    assert.equal(deployedBy(ROW, log, KEYS), 'API key CI');
  });

  test('is a key or a user by the begin of the id when its name is not known', () => {
    assert.equal(deployedBy(ROW, [logged('12:00:00.040')], []), 'API key c4134eab');
    const user = logged('12:00:00.040', { actorType: 'platform_user', actorId: '01234567-89ab' });
    assert.equal(deployedBy(ROW, [user], KEYS), 'user 01234567');
  });

  test('is not known without an entry of that class and time', () => {
    const others = [
      logged('12:01:00.100'),
      logged('11:58:59.000'),
      logged('12:00:00.000', { name: 'other', resourceId: 'row-2' }),
      logged('12:00:00.000', {
        eventType: 'durable_object.env.set',
        resourceId: 'chat-room',
        name: undefined,
      }),
    ];
    assert.equal(deployedBy(ROW, others, KEYS), undefined);
    assert.equal(deployedBy(ROW, [logged('12:00:00.000', { actorType: 'anonymous' })], KEYS), undefined);
    assert.equal(
      deployedBy({ ...ROW, lastDeployedAt: undefined }, [logged('12:00:00.000')], KEYS),
      undefined,
    );
    assert.equal(deployedBy({ ...ROW, status: 'ERROR' }, [logged('12:00:00.000')], KEYS), undefined);
  });

  test('an update is found by the row when the log has no name', () => {
    assert.equal(deployedBy(ROW, [logged('12:00:01.000', { name: undefined })], KEYS), 'API key CI');
  });
});

suite('who deleted', () => {
  test('is in the last deletion of that name', () => {
    const deletion = { eventType: 'durable_object.delete', resourceId: 'chat-room', name: undefined };
    const log = [
      logged('13:00:00.000', deletion),
      logged('12:00:00.000', { ...deletion, actorId: 'ffffffff-0000' }),
      logged('14:00:00.000', { ...deletion, resourceId: 'other' }),
    ];
    assert.deepEqual(deletedBy('chat-room', log, KEYS), { at: '2026-01-01T13:00:00.000Z', by: 'API key CI' });
    assert.equal(deletedBy('chat-room', [logged('13:00:00.000')], KEYS), undefined);
  });
});
