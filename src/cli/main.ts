#!/usr/bin/env node
import { VERSION } from '../local/version.ts';
import { lintCommand } from './lint.ts';
import { localCommand } from './local.ts';
import { reportFailure } from './report.ts';

const USAGE = `Usage: cli <command>

Commands:
  lint    Check Durable Object files as the platform and the runtime would.
  local   Run the embedded platform: Butterbase's API for Durable Objects on this machine.

Options:
  --version, -v   Print the version.
  --help, -h      Print this. Run "cli <command> --help" for the options of a command.
`;

void run(process.argv.slice(2))
  .catch(reportFailure)
  .then((code) => {
    process.exitCode = code;
  });

async function run([command, ...rest]: readonly string[]): Promise<number> {
  switch (command) {
    case 'lint':
      return lintCommand(rest);
    case 'local':
      return localCommand(rest);
    case '--help':
    case '-h':
    case 'help':
      process.stdout.write(USAGE);
      return 0;
    case '--version':
    case '-v':
      process.stdout.write(`${VERSION}\n`);
      return 0;
    case undefined:
      process.stderr.write(USAGE);
      return 2;
    default: {
      const what = command.startsWith('-') ? 'option' : 'command';
      process.stderr.write(`There is no ${what} "${command}".\nRun "cli --help" to see what there is.\n`);
      return 2;
    }
  }
}
