import { History } from '../../../../src/operations/history/history.ts';

/** Records sources of two apps as fast as it can, until it has made `times` or is killed. Says each that is safe. */
const [folder = '', who = '', times = '0', indexBytes = '0'] = process.argv.slice(2);
const history = new History(folder, Number(indexBytes) === 0 ? {} : { indexBytes: Number(indexBytes) });
for (let number = 1; number <= Number(times); number += 1) {
  const code = `export class A {} // ${number % 5 === 0 ? 'shared' : `${who} ${number}`}\n`;
  const entry = await history.record({
    platform: 'local',
    appId: number % 2 === 0 ? 'app_even' : 'app_odd',
    name: `class-${who}`,
    className: 'A',
    accessMode: 'public',
    status: 'READY',
    event: 'deployed',
    at: new Date().toISOString(),
    from: 'cli',
    code,
  });
  console.log(entry.id);
}
