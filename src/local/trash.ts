import fs from 'node:fs/promises';
import path from 'node:path';
import { DoError } from '../core/errors.ts';

/**
 * Where the storage of deleted classes goes on the embedded platform. The hosted platform destroys it at once;
 * here it can be restored. An item is the whole storage folder of a class: instances, alarms and all.
 */
export interface TrashItem {
  readonly id: string;
  readonly className: string;
  /** ISO 8601 UTC. */
  readonly deletedAt: string;
  readonly bytes: number;
}

/**
 * Moves a storage folder into the trash; one that holds no data is removed. Undefined when there was nothing to keep.
 * Nothing may have it open.
 */
export async function moveToTrash(
  trash: string,
  storage: string,
  className: string,
  now = new Date(),
): Promise<TrashItem | undefined> {
  if (!(await exists(storage))) return undefined;
  if (!(await hasData(storage))) {
    await fs.rm(storage, { recursive: true, force: true, maxRetries: 5 });
    return undefined;
  }
  await fs.mkdir(trash, { recursive: true });
  for (let at = now.getTime(); ; at++) {
    const deletedAt = new Date(at).toISOString();
    const id = `${deletedAt.replaceAll(':', '-')}-${className}`;
    const target = path.join(trash, id);
    if (await exists(target)) continue;
    await fs.rename(storage, target);
    return { id, className, deletedAt, bytes: await sizeOf(target) };
  }
}

/** What is in the trash, latest first. */
export async function listTrash(trash: string): Promise<TrashItem[]> {
  const ids = (await exists(trash)) ? await fs.readdir(trash) : [];
  const items: TrashItem[] = [];
  for (const id of ids.sort().reverse()) {
    const match = ITEM_ID.exec(id);
    if (match === null) continue;
    const [, day = '', hour = '', minute = '', second = '', className = ''] = match;
    const deletedAt = `${day}T${hour}:${minute}:${second}Z`;
    items.push({ id, className, deletedAt, bytes: await sizeOf(path.join(trash, id)) });
  }
  return items;
}

/** The item with this id; throws a `DoError` (404) when there is none. */
export async function trashItem(trash: string, id: string): Promise<TrashItem> {
  const item = (await listTrash(trash)).find((each) => each.id === id);
  if (item !== undefined) return item;
  throw new DoError({
    code: 'TRASH_ITEM_NOT_FOUND',
    status: 404,
    message: `There is no "${id}" in the trash.`,
    nextStep: 'List the trash again: it may have been restored already.',
  });
}

/**
 * Moves an item back to `storage`, which nothing may have open. Data that is there is newer than the item: it is
 * kept and a `DoError` (409) thrown, unless `replace` says that it goes to the trash itself.
 */
export async function restoreFromTrash(
  trash: string,
  id: string,
  storage: string,
  options: { readonly replace?: boolean } = {},
): Promise<void> {
  const item = await trashItem(trash, id);
  if (await exists(storage)) {
    if (options.replace !== true && (await hasData(storage))) {
      throw new DoError({
        code: 'STORAGE_EXISTS',
        status: 409,
        message: `${item.className} has stored data that is newer than the data in the trash.`,
        nextStep:
          'Delete the class first: its data then goes to the trash as well. Deploy it again and restore.',
      });
    }
    await moveToTrash(trash, storage, item.className);
  }
  await fs.mkdir(path.dirname(storage), { recursive: true });
  await fs.rename(path.join(trash, item.id), storage);
}

const ITEM_ID = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})Z-(.+)$/;

/**
 * workerd makes `metadata.sqlite` for every declared class and one more file for every object that was ever called,
 * whether it stored anything or not. An object with data or an alarm has a table: a second page, here or in the log.
 */
async function hasData(storage: string): Promise<boolean> {
  for (const file of await fs.readdir(storage)) {
    if (!/^[0-9a-f]{64}\.sqlite$/.test(file)) continue;
    const database = path.join(storage, file);
    if ((await bytesOf(database)) > SQLITE_PAGE_BYTES || (await bytesOf(`${database}-wal`)) > 0) return true;
  }
  return false;
}

const SQLITE_PAGE_BYTES = 4096;

async function bytesOf(file: string): Promise<number> {
  return fs.stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await fs.readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += (await fs.stat(path.join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
