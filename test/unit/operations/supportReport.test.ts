import assert from 'node:assert/strict';
import { DoError } from '../../../src/core/errors.ts';
import type { DoClass } from '../../../src/core/model/app.ts';
import { supportReport } from '../../../src/operations/supportReport.ts';

test('a report for the support names app, classes, errors and time', () => {
  const said = new Error("[10079] Actor migration tag precondition failed. Expected tag 'v-1' but found ''");
  const facts = new DoError({
    code: 'APP_STUCK',
    message: 'The worker is gone.',
    nextStep: 'Ask the support.',
    cause: new DoError({ code: 'EXTERNAL_CLOUDFLARE_ERROR', message: 'Refused.', nextStep: '', cause: said }),
  });
  const row: DoClass = {
    id: '1',
    name: 'chat-room',
    className: 'ChatRoom',
    status: 'ERROR',
    accessMode: 'public',
    lastDeployedAt: '2026-11-22T10:00:00.000Z',
    errorMessage: 'it failed',
  };
  const report = supportReport({
    app: { id: 'app_1', name: 'one', subdomain: 'one', region: undefined },
    platform: 'https://api.example.com',
    rows: [row, { ...row, name: 'counter', className: 'Counter', status: 'READY', errorMessage: undefined }],
    facts,
    at: new Date('2026-11-22T12:00:00.000Z'),
  });
  assert.equal(
    report,
    `App: app_1 (one) on https://api.example.com
Time: 2026-11-22T12:00:00.000Z
State: APP_STUCK: The worker is gone.
Error: Refused.
Error: [10079] Actor migration tag precondition failed. Expected tag 'v-1' but found ''
Classes:
- chat-room (ChatRoom): ERROR, last deployed 2026-11-22T10:00:00.000Z, it failed
- counter (Counter): READY, last deployed 2026-11-22T10:00:00.000Z
`,
  );
});
