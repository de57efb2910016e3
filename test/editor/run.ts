import { globSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** VS Code calls this inside the extension host; it runs every test file beside it and writes what came out. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', timeout: 90_000, reporter: 'min' });
  const grep = process.env.TEST_GREP;
  if (grep !== undefined && grep !== '') mocha.grep(grep);
  for (const file of globSync('**/*.test.js', { cwd: __dirname }).sort())
    mocha.addFile(path.join(__dirname, file));
  const tests: { title: string; state: string; ms?: number; error?: string }[] = [];
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) =>
      tests.push({ title: test.fullTitle(), state: 'passed', ms: test.duration ?? 0 }),
    );
    runner.on('fail', (test, error: Error) => {
      tests.push({ title: test.fullTitle(), state: 'failed', error: error.stack ?? error.message });
    });
    runner.on('pending', (test) => tests.push({ title: test.fullTitle(), state: 'skipped' }));
  });
  const report = process.env.TEST_REPORT;
  if (report === undefined) throw new Error('TEST_REPORT is not set');
  writeFileSync(report, JSON.stringify({ tests }));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
