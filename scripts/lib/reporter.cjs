// Mocha reporter: prints like `spec`, and writes the counts to the file named by TEST_REPORT.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

module.exports = class Reporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      if (process.env.TEST_REPORT === undefined) return;
      const { passes, failures, pending } = runner.stats;
      writeFileSync(
        process.env.TEST_REPORT,
        JSON.stringify({ passed: passes, failed: failures, skipped: pending }),
      );
    });
  }
};
