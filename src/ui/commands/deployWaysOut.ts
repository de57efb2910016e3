import * as vscode from 'vscode';
import { DoError } from '../../core/errors.ts';
import type { DoClass } from '../../core/model/app.ts';
import { APP_STUCK, loadFailureIn, obstacleIn } from '../../operations/previews.ts';
import { askChoice } from '../dialogs.ts';
import { isHistoric } from '../history/historicUri.ts';
import { COMMANDS, run } from '../ids.ts';
import type { Parts } from '../parts.ts';
import { statusWord } from '../tree/classWords.ts';
import { findExportedClass } from '../codelens/classPosition.ts';
import type { Deploy, Onward } from './deployQuestions.ts';
import type { OtherWay } from './losses.ts';
import { changedLast, renameInFile } from './renameCollision.ts';
import { copyReport } from './stuckApp.ts';

/** What a person can do at once about a deploy that was refused, as buttons of the message. */
export function waysOutOf(
  parts: Parts,
  deploy: Deploy,
  error: unknown,
  { again }: Onward,
): readonly OtherWay[] {
  const { file, session, input } = deploy;
  if (error instanceof DoError && error.code === APP_STUCK) {
    return [{ title: vscode.l10n.t('Copy Report for Support'), go: () => copyReport(session, error) }];
  }
  const obstacle = obstacleIn(error);
  switch (obstacle?.code) {
    case 'TOO_MANY_CLASSES':
      return [
        {
          title: vscode.l10n.t('Delete a Class…'),
          go: async () => {
            const rows = await session.operations.list();
            if ((await deleteOneOf(rows, input.name)) && (await isRoom(deploy, rows))) await again();
          },
        },
      ];
    case 'DUPLICATE_CLASS_NAME': {
      const found = findExportedClass(input.code);
      // A source of the history cannot be changed.
      if (found === undefined || isHistoric(file.uri)) return [];
      const rename = async (): Promise<void> => {
        if (await renameInFile(file.uri, found.className)) await again();
      };
      return [{ title: vscode.l10n.t('Rename {0}…', found.className), go: rename }];
    }
    case 'ENV_BINDING_COLLISION':
      return obstacle.waysOut.flatMap((way) => {
        if (way.kind !== 'deleteKey') return [];
        const { key } = way;
        const remove = async (): Promise<void> => {
          await run(COMMANDS.deleteEnvVar, key);
          if (!(await session.operations.listEnv()).includes(key)) await again();
        };
        return [{ title: vscode.l10n.t('Delete {0}', key), go: remove }];
      });
  }
  return renamesOf(parts, deploy, error, again);
}

/** The name that two sources have at their top, and the other one that has it, when that is why a deploy was refused. */
export function collisionIn(
  error: unknown,
  changed: string,
): { readonly name: string; readonly other: string } | undefined {
  const failure = loadFailureIn(error);
  const name = /Identifier '([^']+)' has already been declared/.exec(failure?.message ?? '')?.[1];
  const other = failure?.culprits.find((culprit) => culprit !== changed);
  return name === undefined || other === undefined ? undefined : { name, other };
}

/** A name that collides, renamed in the file that was changed last. */
function renamesOf(
  parts: Parts,
  { file, input }: Deploy,
  error: unknown,
  again: Onward['again'],
): readonly OtherWay[] {
  const collision = collisionIn(error, input.name);
  if (collision === undefined || isHistoric(file.uri)) return [];
  const { name } = collision;
  const otherFile = parts.files.byName(collision.other)?.uri;
  const rename = async (): Promise<void> => {
    const last = await changedLast(otherFile === undefined ? [file.uri] : [file.uri, otherFile]);
    if (last === undefined || !(await renameInFile(last, name))) return;
    // The other one has to go out first: what is deployed of it has the name as well.
    if (last === otherFile) await run(COMMANDS.deploy, otherFile);
    await again();
  };
  return [{ title: vscode.l10n.t('Rename {0}…', name), go: rename }];
}

/** @returns whether the person chose one; the delete command asks for its name to be typed. */
async function deleteOneOf(rows: readonly DoClass[], wanted: string): Promise<boolean> {
  const name = await askChoice(
    {
      title: vscode.l10n.t('Make Room for {0}', wanted),
      placeholder: vscode.l10n.t('Class to delete with everything that its instances stored'),
    },
    rows.map((row) => ({
      label: row.name,
      description: `${row.className} · ${statusWord(row.status)}`,
      choice: row.name,
    })),
  );
  if (name === undefined) return false;
  await run(COMMANDS.delete, name);
  return true;
}

async function isRoom({ session }: Deploy, before: readonly DoClass[]): Promise<boolean> {
  return (await session.operations.list()).length < before.length;
}
