/**
 * A parent to be killed: runs the counter in the folder named on its command line and prints the port. It answers
 * SIGUSR2 with a line, when all that it was doing at that moment is done.
 */
import { AppUnderTest, COUNTER } from './appUnderTest.ts';

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('usage: runsUntilKilled.ts <folder>');
const app = new AppUnderTest({ folder });
await app.mustDeploy({ counter: COUNTER });
process.stdout.write(`${app.runtime.port}\n`);
process.on('SIGUSR2', () => process.stdout.write('idle\n'));
setInterval(() => undefined, 60_000);
