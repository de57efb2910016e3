/** Increments the number in a file, a number of times, each time under the lock of the app. For appQueue.test.ts. */
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppQueue } from '../../../src/platform/appQueue.ts';

const [folder = '', file = '', times = '0', mode = ''] = process.argv.slice(2);
const queue = new AppQueue({ folder, holder: 'a test' });

for (let n = 0; n < Number(times); n += 1) {
  await queue.run('http://x app_1', async () => {
    const value = Number(await readFile(file, 'utf8'));
    if (mode === 'hang' && n === Number(times) - 1) {
      process.stdout.write('holding\n');
      await sleep(600_000);
    }
    if (mode === 'slow') {
      process.stdout.write('holding\n');
      await sleep(300);
    }
    await writeFile(file, String(value + 1));
  });
}
process.stdout.write('done\n');
