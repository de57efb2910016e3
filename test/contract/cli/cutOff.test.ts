import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandLine, counter } from './commandLine.ts';

suite('command line: a change that is cut off', function () {
  this.timeout(60_000);
  const cli = new CommandLine();

  suiteSetup(() => cli.start());
  suiteTeardown(() => cli.stop());
  setup(() => cli.begin());

  test('the next run says once what became of it, and sends nothing again', async () => {
    cli.classes({ counter: counter('Counter') });
    assert.equal((await cli.run('deploy')).code, 0);
    cli.write('durable-objects/counter.ts', counter('Counter', 2));
    await cli.fail({ name: 'none', on: 'change', slowMs: 1_500 });
    const running = cli.begun(['deploy']);
    while ((await cli.rows())[0] !== 'counter Counter BUILDING') {
      assert.equal(running.child.exitCode, null, running.err());
      await sleep(20);
    }
    running.child.kill('SIGKILL');
    await once(running.child, 'exit');

    const next = await cli.run('status');
    assert.equal(next.code, 0, next.err);
    assert.match(next.err, /The deploy of counter was cut off\. It was made all the same/);
    assert.doesNotMatch((await cli.run('status')).err, /cut off/);
    assert.deepEqual(await cli.rows(), ['counter Counter READY']);
    assert.equal(await cli.call('counter/a'), '2');
  });
});
