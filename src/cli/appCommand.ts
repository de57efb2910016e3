import { appArguments, type AppArguments } from './arguments.ts';
import { findTarget, openApp, type OpenApp, type Target } from './connect/openApp.ts';
import { EXIT, exitCodeOf, type ExitCode } from './exitCodes.ts';
import { Interrupts } from './interrupts.ts';
import { rerunWithNewerNode } from './newerNode.ts';
import { Output } from './output/output.ts';
import { reportFailure } from './output/reportError.ts';
import { findProject, type Project } from './project/project.ts';

/** Oldest Node with node:sqlite, with which the embedded platform tells where it is. */
const NODE_FOR_LOCAL = [22, 13] as const;

/** What a command that works on an app gets. */
export interface CommandContext {
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly args: AppArguments;
  readonly project: Project;
  readonly target: Target;
  /** Opens the app; it is closed when the command ends. */
  readonly open: () => Promise<OpenApp>;
}

export interface CommandInput {
  /** As in the help: `env set`. */
  readonly command: string;
  readonly usage: string;
  readonly values: Parameters<typeof appArguments>[0] & { readonly help: boolean };
  /** Whether it changes something on the platform. */
  readonly changes: boolean;
}

/** Runs a command from its options to its exit code: everything that goes wrong is said once, in one way. */
export async function appCommand(
  { command, usage, values, changes }: CommandInput,
  task: (context: CommandContext) => Promise<ExitCode>,
): Promise<number> {
  if (values.help) {
    process.stdout.write(usage);
    return EXIT.ok;
  }
  if (values.local) {
    const rerun = await rerunWithNewerNode(NODE_FOR_LOCAL);
    if (rerun !== undefined) return rerun;
  }
  const { env } = process;
  const cwd = process.cwd();
  const output = new Output(values.json, env);
  const interrupts = new Interrupts(output);
  let opened: OpenApp | undefined;
  try {
    const args = appArguments(values, command);
    const project = await findProject(cwd, args.manifest);
    const target = await findTarget(output, { connect: args.connect, folder: project.root, env, changes });
    const { signal } = interrupts;
    const open = async (): Promise<OpenApp> => (opened = await openApp(output, target, 'cli', signal));
    return await task({ output, signal, cwd, env, args, project, target, open });
  } catch (error) {
    if (interrupts.signal.aborted && exitCodeOf(error) === EXIT.interrupted) {
      output.document({ error: { code: 'CANCELLED', message: STOPPED, nextStep: '' } });
      output.say(STOPPED);
      return EXIT.interrupted;
    }
    return reportFailure(output, error);
  } finally {
    await opened?.close();
    interrupts.dispose();
  }
}

const STOPPED = 'Stopped before anything was sent. Nothing was changed.';
