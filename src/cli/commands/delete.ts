import { WOULD_DESTROY } from '../../operations/previews.ts';
import { DoError } from '../../core/errors.ts';
import { appCommand } from '../appCommand.ts';
import { APP_OPTIONS, APP_OPTIONS_HELP, readArguments } from '../arguments.ts';
import { consentTo } from '../deploy/otherLosses.ts';
import { sendOrWait } from '../deploy/sendOrWait.ts';
import { EXIT } from '../exitCodes.ts';
import { targetDocument, targetText } from '../output/targetDocument.ts';
import { usageError } from '../usageError.ts';

export const DELETE_USAGE = `Usage: cli delete [options] NAME --destroy NAME

Deletes a class with all that its instances stored. Its source is saved first: \`cli history\` shows it. The name has
to be given a second time with --destroy, and so has that of every other class that would go with it.

Options:
  --destroy NAME       Agree to lose what the instances of this class stored; may be given more than once
  --dry-run            Only say what would happen
${APP_OPTIONS_HELP}`;

export async function deleteCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments('delete', args, {
    ...APP_OPTIONS,
    destroy: { type: 'string', multiple: true, default: [] },
    'dry-run': { type: 'boolean', default: false },
  });
  const isDry = values['dry-run'];
  return appCommand({ command: 'delete', usage: DELETE_USAGE, values, changes: !isDry }, async (context) => {
    const { output, signal } = context;
    const [name, another] = positionals;
    if (name === undefined || another !== undefined) throw usageError('Name one class to delete.', 'delete');
    const open = await context.open();
    const preview = await open.operations.previewDelete(name, signal);
    const own = preview.destroys.find((fate) => fate.name === name);
    if (own !== undefined && !values.destroy.includes(name)) throw notAgreed(name, own.reason);
    const consent = await consentTo(context, open, preview, {
      destroy: values.destroy,
      harmless: [name],
      command: 'delete',
    });
    const destroys = preview.destroys.filter((fate) => consent.allowDestroy.includes(fate.className));
    const document = {
      kind: 'delete',
      ...targetDocument(open),
      name,
      destroyed: destroys.map(({ name: lost, className, reason }) => ({ name: lost, className, reason })),
      evicted: preview.evicts,
    };
    if (isDry) {
      output.print(`${targetText(open)}: ${name} would be deleted.`);
      for (const { reason } of destroys) output.print(`  ${reason}`);
      if (preview.evicts.length > 0)
        output.print(`  Restarts ${preview.evicts.join(', ')}; WebSockets drop.`);
      output.document({ ...document, outcome: 'ready' });
      return EXIT.ok;
    }
    output.say(`Deleting ${name}...`);
    const interrupted = await sendOrWait(
      output,
      open,
      () => open.operations.delete(name, { ...consent, signal }),
      async () => !(await open.operations.list()).some((row) => row.name === name),
    );
    output.print(`${name} is deleted. Its source was saved: cli history ${name}`);
    output.document({ ...document, outcome: 'done' });
    return interrupted ? EXIT.interrupted : EXIT.ok;
  });
}

function notAgreed(name: string, reason: string): DoError {
  return new DoError({
    code: WOULD_DESTROY,
    message: reason,
    nextStep: `Nothing was changed. To delete it all the same: cli delete ${name} --destroy ${name}`,
  });
}
