import * as vscode from 'vscode';

/** What the platform's storage allows for a method, as a sentence or two; undefined for what is no method of it. */
export function storageText(method: string): string | undefined {
  return TEXTS.get(method)?.();
}

const TEXTS: ReadonlyMap<string, () => string> = new Map([
  [
    'get',
    () =>
      vscode.l10n.t(
        'Reads one key, or up to 128 keys with one call: get([…]) answers with a Map. A key has at most 2,048 bytes.',
      ),
  ],
  [
    'put',
    () =>
      vscode.l10n.t(
        'A value has at most 128 KiB when serialised, a key at most 2,048 bytes. put({…}) writes up to 128 keys with one call, all or none.',
      ),
  ],
  [
    'delete',
    () =>
      vscode.l10n.t('Deletes one key, or up to 128 keys with one call; the answer is how many there were.'),
  ],
  [
    'list',
    () =>
      vscode.l10n.t(
        'Reads keys in order into memory. Give a limit: an instance has 128 MB, and every entry counts.',
      ),
  ],
  [
    'deleteAll',
    () => vscode.l10n.t('Deletes every key of this instance. An alarm stays: delete it with deleteAlarm().'),
  ],
  [
    'setAlarm',
    () =>
      vscode.l10n.t(
        'Calls alarm() of this instance at that time (ms since 1970). An instance has one alarm: this replaces it. It survives restarts, and is tried again when alarm() throws.',
      ),
  ],
  [
    'getAlarm',
    () => vscode.l10n.t('The time of the alarm in ms since 1970, or null. It is null while alarm() runs.'),
  ],
  [
    'deleteAlarm',
    () => vscode.l10n.t('Takes the alarm of this instance back. One that runs already is not stopped.'),
  ],
  [
    'transaction',
    () =>
      vscode.l10n.t(
        'Runs all reads and writes as one: use its argument inside. When it throws, nothing is written.',
      ),
  ],
  ['sync', () => vscode.l10n.t('Resolves when everything written so far is on disk.')],
  ['sql', noSqlite],
  ['kv', noSqlite],
  ['transactionSync', noSqlite],
  ['getCurrentBookmark', noSqlite],
  ['getBookmarkForTime', noSqlite],
  ['onNextSessionRestoreBookmark', noSqlite],
]);

function noSqlite(): string {
  return vscode.l10n.t(
    'Not on this platform: the storage of its classes is the key-value one, and this needs SQLite. The call throws.',
  );
}
