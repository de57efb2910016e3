import { resolve } from 'node:path';
import { DoError } from '../../core/errors.ts';
import type { App } from '../../core/model/app.ts';
import { History, type HistoryEntry } from '../../operations/history/history.ts';
import { appCommand, type CommandContext } from '../appCommand.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP, readArguments } from '../arguments.ts';
import { planApp } from '../deploy/planApp.ts';
import { planDocument } from '../deploy/planDocument.ts';
import { exitOf, showPlan } from '../deploy/showPlan.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { table } from '../output/table.ts';
import { usageError } from '../usageError.ts';
import { deployPlan } from './deploy.ts';

export const HISTORY_USAGE = `Usage: cli history [list] [options] [NAME]
       cli history show [options] HASH|N
       cli history export [options] DIR [NAME]
       cli history restore [options] NAME HASH|N

Every source that was seen deployed from this machine, by the editor or the command line. A source is named by the
beginning of its hash, or by its number in the list of the app: 1 is the latest.

show writes the source to stdout. export writes all sources into a folder, with what is known about each. restore
deploys an earlier source of a class, as \`cli deploy\` would.

Options:
  --dry-run            Only plan what restore would do
  --destroy NAME       Agree to lose what the instances of this class stored; may be given more than once
  --allow-findings     Go on in spite of errors that the platform itself would take
${APP_OPTIONS_HELP}`;

/** A source of the history is not there, or not the only one of that name. */
export const NO_SUCH_SOURCE = 'NO_SUCH_SOURCE';

export async function historyCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('history', args, {
    ...APP_OPTIONS,
    destroy: { type: 'string', multiple: true, default: [] },
    'allow-findings': { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
  });
  const [first, ...others] = positionals;
  const action = ACTIONS.find((each) => each === first) ?? 'list';
  const rest = action === first ? others : positionals;
  const changes = action === 'restore' && !values['dry-run'];
  return appCommand({ command: 'history', usage: HISTORY_USAGE, values, changes }, async (context) => {
    if (action === 'restore') {
      return restore(context, rest, {
        destroy: values.destroy,
        allowFindings: values['allow-findings'],
        isDry: values['dry-run'],
      });
    }
    const history = await openHistory(context);
    switch (action) {
      case 'list':
        return list(
          context,
          history,
          arity(rest, 0, 1, 'history list takes the name of a class, or nothing.')[0],
        );
      case 'show':
        return show(
          context,
          history,
          arity(rest, 1, 1, 'Say which source: its hash, or its number in the list.')[0],
        );
      case 'export': {
        const [folder, name] = arity(rest, 1, 2, 'Name the folder, and a class or none.');
        return exportTo(context, history, folder, name);
      }
    }
  });
}

const ACTIONS = ['list', 'show', 'export', 'restore'] as const;

/** The kept sources of one app. */
interface AppHistory {
  readonly history: History;
  readonly app: Pick<App, 'id' | 'name'>;
  readonly filter: { readonly appId: string; readonly platform: string };
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
}

/** Reads what is kept on this machine. The platform is asked only when the app is not named by its id. */
async function openHistory(context: CommandContext): Promise<AppHistory> {
  const { target } = context;
  const history = new History(target.state.history);
  const known =
    target.app === undefined ? [] : await history.list({ appId: target.app, platform: target.platform });
  const app =
    known[0] === undefined
      ? (await context.open()).app
      : { id: known[0].appId, name: known[0].appName ?? '' };
  const filter = { appId: app.id, platform: target.platform };
  return { history, app, filter, entries: known.length > 0 ? known : await history.list(filter) };
}

function list({ output, target }: CommandContext, history: AppHistory, name: string | undefined): ExitCode {
  const shown = history.entries.flatMap((entry, index) =>
    name === undefined || entry.name === name ? [{ number: index + 1, entry }] : [],
  );
  if (shown.length === 0) {
    output.say(name === undefined ? 'No source is kept of this app.' : `No source of ${name} is kept.`);
  } else {
    const rows = shown.map(({ number, entry }) => [
      String(number),
      entry.hash.slice(0, SHOWN_DIGITS),
      entry.at,
      entry.name,
      entry.className,
      entry.accessMode,
      entry.status,
      entry.event,
      entry.by === undefined ? entry.from : `${entry.by} (${entry.from})`,
    ]);
    output.print(table(['N', 'HASH', 'TIME', 'NAME', 'CLASS', 'ACCESS', 'STATUS', 'EVENT', 'FROM'], rows));
  }
  output.document({
    kind: 'history',
    platform: target.origin,
    app: { id: history.app.id, name: history.app.name },
    entries: shown.map(({ number, entry }) => ({ number, ...entryDocument(entry) })),
  });
  return EXIT.ok;
}

async function show({ output }: CommandContext, history: AppHistory, which: string): Promise<ExitCode> {
  const entry = find(history.entries, which);
  const code = await history.history.source(entry.hash);
  if (output.json) output.document({ kind: 'source', ...entryDocument(entry), code });
  else output.raw(code);
  return EXIT.ok;
}

async function exportTo(
  { output, cwd }: CommandContext,
  { history, filter }: AppHistory,
  folder: string,
  name: string | undefined,
): Promise<ExitCode> {
  const files = await history.exportTo({ ...filter, name }, resolve(cwd, folder));
  for (const file of files) output.print(file);
  output.document({ kind: 'history-export', files });
  return EXIT.ok;
}

async function restore(
  context: CommandContext,
  rest: readonly string[],
  options: { readonly destroy: readonly string[]; readonly allowFindings: boolean; readonly isDry: boolean },
): Promise<ExitCode> {
  const { output, signal } = context;
  const [name, which] = arity(rest, 2, 2, 'Name the class, and the source by its hash or its number.');
  const open = await context.open();
  const { history } = open.parts;
  const all = await history.list({ appId: open.app.id, platform: context.target.platform });
  const entry = find(all, which, name);
  const text = await history.source(entry.hash);
  const shown = `${name}.ts of ${entry.at}`;
  const plan = await planApp({
    open,
    local: [
      {
        name,
        accessMode: entry.accessMode,
        file: resolve('/', `${name}.ts`),
        shown,
        read: { ok: true, text },
      },
    ],
    wish: {
      names: [name],
      overwrite: [name],
      redeploy: false,
      severities: {},
      destroy: options.destroy,
      allowFindings: options.allowFindings,
    },
    command: 'history',
    signal,
  });
  await showPlan(context, plan);
  if (!options.isDry) return deployPlan(context, plan);
  output.document(planDocument(plan));
  return exitOf(plan);
}

/** Hex digits of a hash in the list. */
const SHOWN_DIGITS = 10;

/** @param name the DO name that it has to be of; any without it */
function find(entries: readonly HistoryEntry[], which: string, name?: string): HistoryEntry {
  const byNumber = /^\d{1,5}$/.test(which) ? entries[Number(which) - 1] : undefined;
  if (byNumber !== undefined && (name === undefined || byNumber.name === name)) return byNumber;
  const isHash = /^[0-9a-f]{4,64}$/i.test(which);
  const matching = entries.filter(
    (entry) =>
      isHash && entry.hash.startsWith(which.toLowerCase()) && (name === undefined || entry.name === name),
  );
  const [newest] = matching;
  if (newest !== undefined && matching.every(({ hash }) => hash === newest.hash)) return newest;
  const of = name === undefined ? '' : ` of ${name}`;
  throw new DoError({
    code: NO_SUCH_SOURCE,
    message:
      newest === undefined
        ? `There is no source ${which}${of} in the history.`
        : `More than one source${of} has a hash that begins with ${which}.`,
    nextStep: 'See `cli history` for what there is, and give more digits of the hash.',
  });
}

function entryDocument(entry: HistoryEntry): object {
  const { hash, bytes, at, name, className, accessMode, status, event, from, by, platform, appId } = entry;
  return {
    hash,
    bytes,
    at,
    name,
    className,
    accessMode,
    status,
    event,
    from,
    by: by ?? null,
    platform,
    appId,
  };
}

function arity<const Max extends 0 | 1 | 2>(
  args: readonly string[],
  min: Max,
  max: number,
  message: string,
): Max extends 2
  ? readonly [string, string]
  : Max extends 1
    ? readonly [string, string | undefined]
    : readonly [string | undefined];
function arity(
  args: readonly string[],
  min: number,
  max: number,
  message: string,
): readonly (string | undefined)[] {
  if (args.length < min || args.length > max) throw usageError(message, 'history');
  return args;
}
