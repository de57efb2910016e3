/** A parent to be killed: runs the counter in the folder named on its command line and prints the port. */
import { AppUnderTest, COUNTER } from './appUnderTest.ts';

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('usage: runsUntilKilled.ts <folder>');
const app = new AppUnderTest({ folder });
await app.mustDeploy({ counter: COUNTER });
process.stdout.write(`${app.runtime.port}\n`);
setInterval(() => undefined, 60_000);
