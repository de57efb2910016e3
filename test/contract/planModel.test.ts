import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FaultName } from '../../src/local/service/faultSwitch.ts';
import { emptyTally, Session, type Action, type Tally } from './plan/session.ts';
import { PlanRig } from './plan/rig.ts';

const SEED = 20_261_122;
const SEQUENCES = 300;
const SEQUENCES_IN_WORKERD = 6;
const MOST_ACTIONS = 25;

/** One more class than an app may have. */
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

const name = fc.constantFrom(...NAMES);
const className = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F');

/** Mostly a name with the class that it always has: else no app would ever have five classes. */
const named = fc.oneof(
  { weight: 5, arbitrary: name.map((each) => ({ name: each, className: each.toUpperCase() })) },
  { weight: 1, arbitrary: fc.record({ name, className }) },
);

/** One of the keys is a class's binding. */
const key = fc.constantFrom('X', 'Y', 'A', 'C', 'lower', 'BUTTERBASE_X');

const source = fc.oneof(
  { weight: 12, arbitrary: fc.constant('good' as const) },
  { weight: 2, arbitrary: fc.constant('broken' as const) },
  { weight: 1, arbitrary: fc.constant('invalid' as const) },
);

const register = fc
  .record({ named, source })
  .map(({ named: names, source: kind }): Action => ({ kind: 'register', ...names, source: kind }));

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: register },
  { weight: 3, arbitrary: name.map((each): Action => ({ kind: 'delete', name: each })) },
  { weight: 1, arbitrary: key.map((each): Action => ({ kind: 'setEnv', key: each })) },
  { weight: 1, arbitrary: key.map((each): Action => ({ kind: 'deleteEnv', key: each })) },
);

/** The last three leave an app in which no deploy works any more, so they are rare. */
const fault = fc.oneof(
  { weight: 40, arbitrary: fc.constant<FaultName>('none') },
  {
    weight: 12,
    arbitrary: fc.constantFrom<FaultName>(
      'serverError',
      'rateLimited',
      'unauthorized',
      'socketClosed',
      'tagMismatch',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom<FaultName>('answerLost', 'scriptLost', 'tagMoved') },
);

interface Nothing {
  readonly nothing?: never;
}

type Command = fc.AsyncCommand<Nothing, Session>;

class Step implements Command {
  readonly #what: string;
  readonly #run: (session: Session) => Promise<void>;

  constructor(what: string, run: (session: Session) => Promise<void>) {
    this.#what = what;
    this.#run = run;
  }

  check(): boolean {
    return true;
  }

  async run(_model: Nothing, session: Session): Promise<void> {
    await this.#run(session);
  }

  toString(): string {
    return this.#what;
  }
}

const own = fc.record({ action, fault }).map(
  (each) =>
    new Step(`change ${told(each)}`, async (session) => {
      await session.change(each.action, each.fault);
    }),
);

const elsewhere = fc
  .record({ action, fault })
  .map((each) => new Step(`elsewhere ${told(each)}`, (s) => s.changeElsewhere(each.action, each.fault)));

const dying = named.map((each) => new Step(`die ${told(each)}`, (s) => s.die(each.name, each.className)));

const together = fc
  .tuple(register, register)
  .map((both) => new Step(`together ${told(both)}`, (s) => s.changeTogether(...both)));

const goodAction = named.map((each): Action => ({ kind: 'register', ...each, source: 'good' }));

const inSequence = fc
  .array(fc.oneof({ weight: 4, arbitrary: goodAction }, { weight: 1, arbitrary: action }), {
    minLength: 2,
    maxLength: 5,
  })
  .map((actions) => new Step(`in sequence ${told(actions)}`, (s) => s.changeInSequence(actions)));

/** fc.commands takes each of them as often as another, so a kind's weight is how often it is there. */
function sequences(most: number): fc.Arbitrary<Iterable<Command>> {
  return fc.commands([own, own, own, own, own, own, inSequence, elsewhere, dying, together], {
    maxCommands: most,
    size: 'max',
  });
}

async function holds(rig: PlanRig, tally: Tally, runs: number, most: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(sequences(most), async (commands) => {
      const session = new Session(rig, await rig.newApp(), tally);
      await fc.asyncModelRun(() => ({ model: {}, real: session }), commands);
    }),
    { numRuns: runs, seed: SEED },
  );
}

function told(value: unknown): string {
  return JSON.stringify(value);
}

suite('the plan says what the platform does, whatever happened before', function () {
  this.timeout(300_000);

  test(`${SEQUENCES} sequences of changes and failures`, async () => {
    const rig = new PlanRig('none');
    await rig.start();
    const tally = emptyTally();
    try {
      await holds(rig, tally, SEQUENCES, MOST_ACTIONS);
    } finally {
      await rig.stop();
    }
    assert.ok(tally.planned > SEQUENCES * 3 && tally.destroyed > SEQUENCES / 4, JSON.stringify(tally));
    assert.ok(
      tally.sequences > SEQUENCES / 4 && tally.obstacles > SEQUENCES / 4 && tally.missedByStrangers > 0,
      JSON.stringify(tally),
    );
  });

  test(`${SEQUENCES_IN_WORKERD} sequences with every module in workerd`, async () => {
    const rig = new PlanRig('workerd');
    await rig.start();
    const tally = emptyTally();
    try {
      await holds(rig, tally, SEQUENCES_IN_WORKERD, 10);
    } finally {
      await rig.stop();
    }
    assert.ok(tally.uploads > SEQUENCES_IN_WORKERD, JSON.stringify(tally));
  });
});
