#!/usr/bin/env node
import { VERSION } from '../local/version.ts';
import { usageError } from './usageError.ts';

/** A command: what it is for, and what runs it. Each is loaded when it is used. */
interface Command {
  readonly about: string;
  readonly run: (args: readonly string[]) => Promise<number>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  status: {
    about: 'Show the classes of an app, and whether the files are what is deployed.',
    run: async (args) => (await import('./commands/status.ts')).statusCommand(args),
  },
  plan: {
    about: 'Say what a deploy would do to every class of the app.',
    run: async (args) => (await import('./commands/plan.ts')).planCommand(args),
  },
  deploy: {
    about: 'Deploy the classes that differ, and lose nothing.',
    run: async (args) => (await import('./commands/deploy.ts')).deployCommand(args),
  },
  delete: {
    about: 'Delete a class with all that its instances stored.',
    run: async (args) => (await import('./commands/delete.ts')).deleteCommand(args),
  },
  env: {
    about: 'List, set and delete environment variables.',
    run: async (args) => (await import('./commands/env.ts')).envCommand(args),
  },
  history: {
    about: 'List, show, export and restore sources that were deployed.',
    run: async (args) => (await import('./commands/history.ts')).historyCommand(args),
  },
  lint: {
    about: 'Check Durable Object files as the platform and the runtime would.',
    run: async (args) => (await import('./lint.ts')).lintCommand(args),
  },
  local: {
    about: "Run the embedded platform: Butterbase's API for Durable Objects on this machine.",
    run: async (args) => (await import('./local.ts')).localCommand(args),
  },
};

const USAGE = `Usage: cli <command>

Commands:
${Object.entries(COMMANDS)
  .map(([name, { about }]) => `  ${name.padEnd(8)} ${about}\n`)
  .join('')}
Options:
  --version, -v   Print the version.
  --help, -h      Print this. Run "cli <command> --help" for the options of a command.
`;

// Who reads the output may stop early, as in `cli history | head -1`. A change under way goes on all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    if (stream === process.stdout) process.stderr.write(`The output cannot be written: ${error.message}.\n`);
    process.exitCode = 1;
  });
}

void run(process.argv.slice(2))
  .catch(report)
  .then((code) => {
    // What could not be written was not done, either.
    if (code !== 0 || process.exitCode === undefined) process.exitCode = code;
  });

async function run([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  if (name === '--help' || name === '-h' || (name === 'help' && rest[0] === undefined)) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  if (name === 'help') return run([...rest.slice(0, 1), '--help']);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return command.run(rest);
  throw usageError(`There is no ${name.startsWith('-') ? 'option' : 'command'} "${name}".`);
}

async function report(error: unknown): Promise<number> {
  const [{ Output }, { reportFailure }] = await Promise.all([
    import('./output/output.ts'),
    import('./output/reportError.ts'),
  ]);
  return reportFailure(new Output(process.argv.includes('--json'), process.env), error);
}
