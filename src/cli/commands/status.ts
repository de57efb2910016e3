import type { DoClass } from '../../core/model/app.ts';
import { lookAt, type Look } from '../../operations/look.ts';
import { stuckOf } from '../../operations/planning.ts';
import { appCommand } from '../appCommand.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP, readArguments } from '../arguments.ts';
import { keepSeen } from '../deploy/foreignChanges.ts';
import { isInSync } from '../deploy/planApp.ts';
import { recoveredDocument } from '../deploy/planDocument.ts';
import { EXIT } from '../exitCodes.ts';
import { instanceUrl } from '../output/instanceUrl.ts';
import { table } from '../output/table.ts';
import { targetDocument, targetText } from '../output/targetDocument.ts';
import { localClasses, type LocalClass } from '../project/project.ts';
import { usageError } from '../usageError.ts';

export const STATUS_USAGE = `Usage: cli status [options] [NAME]

Shows the app: its classes and whether the files are what is deployed, its environment keys, its usage in this
month, and what became of changes that were cut off. With a name, everything about that class.

Options:
${APP_OPTIONS_HELP}`;

/** How a file relates to what is deployed. */
type Sync =
  | 'inSync'
  /** Source or access mode differ. */
  | 'modified'
  | 'notDeployed'
  /** Deployed, and not in the manifest. */
  | 'noFile'
  /** In the manifest, and the file cannot be read. */
  | 'missing'
  /** In ERROR or being deployed: what runs is not what the row says. */
  | 'unknown';

const SYNC_WORDS: Readonly<Record<Sync, string>> = {
  inSync: 'in sync',
  modified: 'modified',
  notDeployed: 'not deployed',
  noFile: 'no file',
  missing: 'file missing',
  unknown: 'unknown',
};

export async function statusCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('status', args, APP_OPTIONS);
  return appCommand({ command: 'status', usage: STATUS_USAGE, values, changes: false }, async (context) => {
    const { output, signal, project, cwd } = context;
    const [name, another] = positionals;
    if (another !== undefined) throw usageError('Name one class, or none.', 'status');
    const local = project.manifest === undefined ? [] : await localClasses(project, cwd);
    const open = await context.open();
    await keepSeen(open.parts, signal);
    const [look, usage] = await Promise.all([lookAt(open.parts, signal), open.operations.usage(signal)]);
    const all = entriesOf(look, local);
    const shown = all.filter((entry) => name === undefined || entry.name === name);
    if (name !== undefined && shown.length === 0) {
      const known = all.map((entry) => entry.name).join(', ');
      throw usageError(`There is no class ${name}.${known === '' ? '' : ` There are: ${known}.`}`, 'status');
    }
    const stuck = stuckOf(look);
    output.print(output.onStdout('bold', targetText(open)));
    output.print('');
    if (shown.length > 0) {
      const cells = shown.map(({ name: own, row, access, sync }) => [
        own,
        row?.className ?? '',
        row?.status ?? '',
        access,
        row?.lastDeployedAt ?? '',
        SYNC_WORDS[sync],
      ]);
      output.print(table(['NAME', 'CLASS', 'STATUS', 'ACCESS', 'LAST DEPLOYED', 'FILE'], cells));
    } else output.print('No class is deployed.');
    for (const { name: own, row } of shown) {
      if (row?.errorMessage !== undefined) output.print(`${own}: ${row.errorMessage}`);
      const url = name !== undefined && row !== undefined ? instanceUrl(open, own) : undefined;
      if (url !== undefined) output.print(`Instances: ${url}`);
    }
    output.print('');
    output.print(`Environment keys: ${look.envKeys.length === 0 ? 'none' : look.envKeys.join(', ')}`);
    output.print(`Usage in this month: ${usage.requests} requests, ${usage.cpuMs} ms CPU`);
    for (const { message, nextStep } of stuck) output.say(`${message} ${nextStep}`.trim());
    output.document({
      kind: 'status',
      ...targetDocument(open),
      classes: shown.map(({ name: own, row, access, sync, file }) => ({
        name: own,
        className: row?.className ?? null,
        status: row?.status ?? null,
        accessMode: access,
        lastDeployedAt: row?.lastDeployedAt ?? null,
        errorMessage: row?.errorMessage ?? null,
        file: file ?? null,
        sync,
        url: (row === undefined ? undefined : instanceUrl(open, own)) ?? null,
      })),
      envKeys: look.envKeys,
      usage: { requests: usage.requests, cpuMs: usage.cpuMs },
      stuck: stuck.map(({ kind, about, message, nextStep, onlySupport }) => ({
        kind,
        about,
        message,
        nextStep,
        onlySupport,
      })),
      recovered: open.recovered.map(recoveredDocument),
    });
    return EXIT.ok;
  });
}

interface Entry {
  readonly name: string;
  readonly row: DoClass | undefined;
  readonly access: string;
  readonly sync: Sync;
  readonly file: string | undefined;
}

/** The classes of the app and of the manifest, by name. */
function entriesOf(look: Look, local: readonly LocalClass[]): Entry[] {
  const deployed = look.rows.map((row): Entry => {
    const file = local.find(({ name }) => name === row.name);
    return { name: row.name, row, access: row.accessMode, sync: syncOf(row, file, look), file: file?.shown };
  });
  const others = local
    .filter(({ name }) => !look.rows.some((row) => row.name === name))
    .map(({ name, accessMode, shown, read }): Entry => {
      return {
        name,
        row: undefined,
        access: accessMode,
        sync: read.ok ? 'notDeployed' : 'missing',
        file: shown,
      };
    });
  return [...deployed, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function syncOf(row: DoClass, file: LocalClass | undefined, look: Look): Sync {
  if (file === undefined) return 'noFile';
  if (!file.read.ok) return 'missing';
  if (row.status !== 'READY') return 'unknown';
  return isInSync(file, look) ? 'inSync' : 'modified';
}
