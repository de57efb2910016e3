#!/usr/bin/env node
import { lintCommand } from './lint.ts';
import { localCommand } from './local.ts';
import { reportFailure } from './report.ts';

const USAGE = `Usage: cli <command>

Commands:
  lint    Check Durable Object files as the platform and the runtime would.
  local   Run the embedded platform: Butterbase's API for Durable Objects on this machine.

Run "cli <command> --help" for the options of a command.
`;

void run(process.argv.slice(2))
  .catch(reportFailure)
  .then((code) => {
    process.exitCode = code;
  });

async function run([command, ...rest]: readonly string[]): Promise<number> {
  if (command === 'lint') return lintCommand(rest);
  if (command === 'local') return localCommand(rest);
  if (command === '--help' || command === '-h') {
    process.stdout.write(USAGE);
    return 0;
  }
  process.stderr.write(command === undefined ? USAGE : `Unknown command "${command}".\n\n${USAGE}`);
  return 2;
}
