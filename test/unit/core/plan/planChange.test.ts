import assert from 'node:assert/strict';
import { MAX_BUNDLE_BYTES } from '../../../../src/core/model/names.ts';
import { observe } from '../../../../src/core/plan/knowledge.ts';
import { planChange } from '../../../../src/core/plan/plan.ts';
import type { Plan, PlannedApp, WantedChange } from '../../../../src/core/plan/planTypes.ts';
import { destroyedBy, failed, neverDeployed, row } from './rows.ts';

function app(rows: PlannedApp['rows'], more: Partial<PlannedApp> = {}): PlannedApp {
  return { rows, envKeys: [], ...more };
}

function deploy(name: string, className: string): Extract<WantedChange, { kind: 'deploy' }> {
  return { kind: 'deploy', name, className };
}

function textsOf(plan: Plan): string[] {
  return [
    ...plan.fates.flatMap((fate) => [
      fate.reason,
      ...(fate.kind === 'destroyed' ? fate.waysOut.map(({ text }) => text) : []),
    ]),
    ...(plan.obstacle === undefined
      ? []
      : [plan.obstacle.message, plan.obstacle.nextStep, ...plan.obstacle.waysOut.map(({ text }) => text)]),
    ...plan.cautions.map(({ text }) => text),
    ...plan.stuck.flatMap(({ message, nextStep }) => [message, nextStep]),
  ];
}

suite('the plan of a change', () => {
  suite('obstacles', () => {
    const refused: readonly (readonly [string, PlannedApp, WantedChange, string, string])[] = [
      ['a name that is none', app([]), deploy('Chat_Room', 'A'), 'INVALID_NAME', 'nothing'],
      ['a key that is none', app([]), { kind: 'setEnv', key: 'lower' }, 'INVALID_ENV_KEY', 'nothing'],
      ['a reserved key', app([]), { kind: 'setEnv', key: 'BUTTERBASE_X' }, 'RESERVED_ENV_KEY', 'nothing'],
      [
        'a value that is too long',
        app([]),
        { kind: 'setEnv', key: 'X', value: 'x'.repeat(8193) },
        'ENV_VALUE_TOO_LONG',
        'nothing',
      ],
      ['a class that is not there', app([]), { kind: 'delete', name: 'a' }, 'NO_SUCH_CLASS', 'nothing'],
      [
        'a name that no request reaches',
        app([row('a'.repeat(101), 'A')]),
        { kind: 'delete', name: 'a'.repeat(101) },
        'UNREACHABLE_NAME',
        'nothing',
      ],
      [
        'a key that no request reaches',
        app([]),
        { kind: 'setEnv', key: 'X'.repeat(101) },
        'INVALID_ENV_KEY',
        'nothing',
      ],
      [
        'a request that is too large',
        app([]),
        { ...deploy('a', 'A'), code: 'x'.repeat(1_048_576) },
        'BODY_TOO_LARGE',
        'nothing',
      ],
      [
        'a module that is too large',
        app([row('a', 'A')]),
        { ...deploy('a', 'A'), moduleBytes: MAX_BUNDLE_BYTES + 1 },
        'BUNDLE_TOO_LARGE',
        'rowInError',
      ],
      [
        'a module that does not load',
        app([row('a', 'A')]),
        { ...deploy('a', 'A'), loadError: 'a.ts:3:1: x is not defined' },
        'MODULE_DOES_NOT_LOAD',
        'rowInError',
      ],
      [
        'a key that is a binding',
        app([row('chat-room', 'ChatRoom')]),
        { kind: 'setEnv', key: 'CHAT_ROOM' },
        'ENV_BINDING_COLLISION',
        'storedKey',
      ],
      [
        'another key while one is a binding',
        app([row('chat-room', 'ChatRoom')], { envKeys: ['CHAT_ROOM'] }),
        { kind: 'setEnv', key: 'X' },
        'ENV_BINDING_COLLISION',
        'storedKey',
      ],
      [
        'a class whose binding is a variable of the whole app',
        app([row('chat-room', 'ChatRoom')], { appEnvKeys: ['B'] }),
        { kind: 'deploy', name: 'b', className: 'B' },
        'ENV_BINDING_COLLISION',
        'rowInError',
      ],
      [
        'a deletion while a key is a binding',
        app([row('chat-room', 'ChatRoom'), row('b', 'B')], { envKeys: ['CHAT_ROOM'] }),
        { kind: 'delete', name: 'b' },
        'ENV_BINDING_COLLISION',
        'deletedRow',
      ],
    ];
    for (const [what, before, change, code, leaves] of refused) {
      test(`${what}: ${code}`, () => {
        const plan = planChange(before, change);
        assert.equal(plan.obstacle?.code, code);
        assert.equal(plan.obstacle.leaves, leaves);
        assert.equal(plan.upload, undefined);
        assert.equal(plan.redeploys, false);
        assert.deepEqual(destroyedBy(plan), []);
      });
    }

    test('the key that is in the way can be deleted', () => {
      const before = app([row('chat-room', 'ChatRoom')], { envKeys: ['CHAT_ROOM', 'X'] });
      const plan = planChange(before, { kind: 'deleteEnv', key: 'CHAT_ROOM' });
      assert.equal(plan.obstacle, undefined);
      assert.deepEqual(plan.envKeysAfter, ['X']);
      assert.equal(planChange(before, { kind: 'deleteEnv', key: 'X' }).obstacle?.leaves, 'deletedKey');
    });

    test('the sixth class names the five that are in the way', () => {
      const five = ['a', 'b', 'c', 'd', 'e'].map((name) => row(name, name.toUpperCase()));
      const { obstacle } = planChange(app(five), deploy('f', 'F'));
      assert.match(obstacle?.message ?? '', /a, b, c, d and e/);
      assert.deepEqual(
        obstacle?.waysOut.map((way) => way.kind === 'deleteClass' && way.name),
        ['a', 'b', 'c', 'd', 'e'],
      );
    });

    test('a refused deploy says what it would leave behind', () => {
      const plan = planChange(app([row('a', 'A'), row('b', 'B')]), deploy('a', 'B'));
      assert.equal(plan.obstacle?.code, 'DUPLICATE_CLASS_NAME');
      assert.match(plan.obstacle.message, /in ERROR, and the next change of anything would destroy/);
      assert.equal(plan.fates[0]?.kind, 'failed');
      assert.deepEqual(
        plan.rowsAfter.map(({ name, status }) => [name, status]),
        [
          ['b', 'READY'],
          ['a', 'ERROR'],
        ],
      );
    });
  });

  suite('ways out', () => {
    test('a rename: keep the class name, or deploy beside', () => {
      const [, fate] = planChange(app([row('chat-room', 'ChatRoom')]), deploy('chat-room', 'Room')).fates;
      assert.ok(fate?.kind === 'destroyed');
      assert.deepEqual(
        [fate.cause, fate.certain, fate.waysOut.map(({ kind }) => kind)],
        ['renamed', true, ['keepClassName', 'deployBeside']],
      );
    });

    test('a class in ERROR: repair it, from its file when the manifest has one', () => {
      const manifest = { classes: { a: { source: 'do/a.ts', accessMode: 'public' as const } } };
      const [, fate] = planChange(app([row('b', 'B'), failed('a', 'A')], { manifest }), {
        kind: 'redeploy',
      }).fates;
      assert.ok(fate?.kind === 'destroyed');
      assert.deepEqual([fate.cause, fate.certain], ['inError', false]);
      const [way] = fate.waysOut;
      assert.ok(way?.kind === 'repair');
      assert.equal(way.source, 'do/a.ts');
    });

    test('a deletion that was asked for has none', () => {
      const [fate] = planChange(app([row('a', 'A')]), { kind: 'delete', name: 'a' }).fates;
      assert.ok(fate?.kind === 'destroyed');
      assert.deepEqual([fate.cause, fate.waysOut], ['deleted', []]);
    });
  });

  test('the same source and access mode is unchanged', () => {
    const before = app([row('a', 'A')], { sources: new Map([['a', 'code']]) });
    const kindOf = (change: WantedChange) => planChange(before, change).fates[0]?.kind;
    assert.equal(kindOf({ ...deploy('a', 'A'), code: 'code' }), 'unchanged');
    assert.equal(kindOf({ ...deploy('a', 'A'), code: 'code', accessMode: 'authenticated' }), 'updated');
    assert.equal(kindOf({ ...deploy('a', 'A'), code: 'other' }), 'updated');
    assert.equal(kindOf(deploy('a', 'A')), 'updated');
  });

  test('the upload is told as the platform makes it', () => {
    const rows = [row('b', 'B'), failed('a', 'A'), row('c', 'C')];
    assert.deepEqual(planChange(app(rows), deploy('d', 'D')).upload, {
      kind: 'module',
      classNames: ['B', 'C', 'D'],
      newClasses: ['D'],
      deletedClasses: ['A'],
    });
    assert.deepEqual(
      planChange(app([row('a', 'A'), failed('b', 'B')]), { kind: 'delete', name: 'a' }).upload,
      {
        kind: 'removal',
        deletedClasses: ['A', 'B'],
      },
    );
  });

  test('the only row that was never deployed goes, although the platform answers with an error', () => {
    const plan = planChange(app([neverDeployed('a', 'A')]), { kind: 'delete', name: 'a' });
    assert.equal(plan.obstacle, undefined);
    assert.equal(plan.refusal, 'NO_SCRIPT');
    assert.deepEqual(plan.rowsAfter, []);
    assert.equal(plan.fates[0]?.kind, 'removed');
  });

  suite('cautions', () => {
    const about = (plan: Plan) => plan.cautions.map((each) => [each.kind, each.about]);

    test('a deploy under way', () => {
      const rows = [row('a', 'A'), row('b', 'B', { status: 'BUILDING' })];
      assert.deepEqual(
        about(planChange(app(rows, { knowledge: observe(undefined, rows) }), deploy('a', 'A'))),
        [
          ['unsureClass', 'b'],
          ['underWay', 'b'],
        ],
      );
    });

    test('a key that will be in the way of a class, or that classes never see', () => {
      const before = app([failed('a', 'A')]);
      assert.deepEqual(about(planChange(before, { kind: 'setEnv', key: 'A' })), [['keyBlocks', 'A']]);
      assert.deepEqual(about(planChange(before, { kind: 'setEnv', key: 'DO_INVOKER_URL' })), [
        ['keyOverwritten', 'DO_INVOKER_URL'],
      ]);
    });

    test('a name that the platform cannot reach, and a module near its limit', () => {
      const change = { ...deploy('a'.repeat(101), 'A'), moduleBytes: MAX_BUNDLE_BYTES * 0.95 };
      assert.deepEqual(about(planChange(app([]), change)), [
        ['unreachableName', 'a'.repeat(101)],
        ['moduleNearLimit', ''],
      ]);
      assert.match(planChange(app([]), change).cautions[1]?.text ?? '', /95 %/);
    });
  });

  test('every text is a sentence for a person', () => {
    const rows = [
      failed('a', 'A'),
      row('b', 'B'),
      neverDeployed('c', 'C'),
      row('d', 'D', { status: 'BUILDING' }),
    ];
    const changes: WantedChange[] = [
      deploy('a', 'A'),
      deploy('a', 'Other'),
      deploy('b', 'Other'),
      deploy('e', 'B'),
      deploy('E', 'E'),
      { ...deploy('b', 'B'), moduleBytes: MAX_BUNDLE_BYTES * 2 },
      { ...deploy('b', 'B'), loadError: 'b.ts:1:1: it throws' },
      { kind: 'delete', name: 'b' },
      { kind: 'delete', name: 'c' },
      { kind: 'delete', name: 'x' },
      { kind: 'setEnv', key: 'B' },
      { kind: 'setEnv', key: 'A' },
      { kind: 'setEnv', key: 'x' },
      { kind: 'deleteEnv', key: 'X' },
      { kind: 'redeploy' },
    ];
    const gone = observe(observe(undefined, [...rows, row('gone', 'Gone')]), rows);
    for (const knowledge of [undefined, gone]) {
      for (const change of changes) {
        for (const text of textsOf(planChange({ rows, envKeys: ['D'], knowledge }, change))) {
          assert.match(text, /^\S.*[.]$/s, text);
          assert.doesNotMatch(text, /undefined|\s\s|\.\.|NaN/, text);
        }
      }
    }
  });
});
