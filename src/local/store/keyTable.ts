import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { DatabaseError, json, optionalText, storable, text, type Database, type Row } from './database.ts';

export interface KeyRow {
  readonly id: string;
  readonly ownerId: string;
  /** First 12 characters of the key; the rest is kept only as a hash. */
  readonly prefix: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly scope: 'app' | 'substrate' | 'both';
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly createdAt: string;
}

export type NewKey = Pick<KeyRow, 'ownerId' | 'name' | 'scopes' | 'scope'> & {
  readonly expiresAt?: string | null;
};

/** API keys, stored as SHA-256 hashes. */
export class KeyTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** @throws DatabaseError for a name that no row can have */
  insert(key: string, made: NewKey, now: string): KeyRow {
    const row: KeyRow = {
      ...made,
      id: randomUUID(),
      prefix: key.slice(0, 12),
      lastUsedAt: null,
      expiresAt: made.expiresAt ?? null,
      revokedAt: null,
      createdAt: now,
    };
    this.#db.run(
      `INSERT INTO api_keys (id, owner_id, key_hash, key_prefix, name, scopes, scope, expires_at, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.id,
      row.ownerId,
      hashKey(key),
      row.prefix,
      storable(row.name),
      JSON.stringify(row.scopes),
      row.scope,
      row.expiresAt,
      row.createdAt,
    );
    return row;
  }

  /** The key's row when it may be used at `now`: known, not revoked, not expired. */
  validate(key: string, now: string): KeyRow | undefined {
    const row = this.#db.get('SELECT * FROM api_keys WHERE key_hash = ?', hashKey(key));
    if (row === undefined) return undefined;
    const found = toKey(row);
    if (found.revokedAt !== null) return undefined;
    if (found.expiresAt !== null && found.expiresAt < now) return undefined;
    return found;
  }

  touch(id: string, now: string): void {
    this.#db.run('UPDATE api_keys SET last_used_at = ? WHERE id = ?', now, id);
  }

  /** Keys in force, newest first. */
  list(ownerId: string): KeyRow[] {
    return this.#db
      .all(
        'SELECT * FROM api_keys WHERE owner_id = ? AND revoked_at IS NULL ORDER BY created_at DESC, rowid DESC',
        ownerId,
      )
      .map(toKey);
  }

  /** Whether there was such a key in force. @throws DatabaseError for an id that is no UUID */
  revoke(id: string, ownerId: string, now: string): boolean {
    return (
      this.#db.run(
        'UPDATE api_keys SET revoked_at = ? WHERE id = ? AND owner_id = ? AND revoked_at IS NULL',
        now,
        uuid(id),
        ownerId,
      ) > 0
    );
  }
}

/** A key in the platform's form: the prefix and 40 hexadecimal digits. */
export function generateKey(prefix: 'bb_sk_' | 'bb_sub_' = 'bb_sk_'): string {
  return prefix + randomBytes(20).toString('hex');
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function uuid(value: string): string {
  if (!UUID.test(storable(value))) throw new DatabaseError(`invalid input syntax for type uuid: "${value}"`);
  return value.toLowerCase();
}

function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function toKey(row: Row): KeyRow {
  return {
    id: text(row, 'id'),
    ownerId: text(row, 'owner_id'),
    prefix: text(row, 'key_prefix'),
    name: text(row, 'name'),
    scopes: json(row, 'scopes') as string[],
    scope: text(row, 'scope') as KeyRow['scope'],
    lastUsedAt: optionalText(row, 'last_used_at'),
    expiresAt: optionalText(row, 'expires_at'),
    revokedAt: optionalText(row, 'revoked_at'),
    createdAt: text(row, 'created_at'),
  };
}
