import { createHash, randomBytes } from 'node:crypto';
import { json, optionalText, text, type Database, type Row } from './database.ts';

/** A program that registered itself to sign people in. */
export interface OAuthClientRow {
  readonly clientId: string;
  readonly name: string | null;
  readonly redirectUris: readonly string[];
  readonly createdAt: string;
}

/** What a person allowed: the key that the code is exchanged for. */
export interface Grant {
  readonly ownerId: string;
  readonly scope: string;
  readonly keyScope: 'account' | 'app';
  readonly targetAppId: string | null;
  readonly additionalScopes: readonly string[];
}

export interface NewCode {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly grant: Grant;
}

/** Who claims a code; all three have to be those of the request that it was made for. */
export interface Claim {
  readonly code: string;
  readonly clientId: string;
  readonly redirectUri: string;
}

/** Milliseconds that a code may be used, as on the platform. */
const CODE_LIFETIME_MS = 60_000;

/** Registered clients, and authorization codes as SHA-256 hashes. */
export class OAuthTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  addClient(name: string | null, redirectUris: readonly string[], now: string): OAuthClientRow {
    const row: OAuthClientRow = {
      clientId: `mcp_${randomBytes(12).toString('hex')}`,
      name,
      redirectUris,
      createdAt: now,
    };
    this.#db.run(
      'INSERT INTO oauth_clients (client_id, name, redirect_uris, created_at) VALUES (?, ?, ?, ?)',
      row.clientId,
      row.name,
      JSON.stringify(row.redirectUris),
      row.createdAt,
    );
    return row;
  }

  client(clientId: string): OAuthClientRow | undefined {
    const row = this.#db.get('SELECT * FROM oauth_clients WHERE client_id = ?', clientId);
    return row === undefined ? undefined : toClient(row);
  }

  /** Makes a code, and forgets those whose time is over. */
  issueCode(made: NewCode, now: Date): string {
    const code = randomBytes(32).toString('base64url');
    this.#db.run('DELETE FROM oauth_codes WHERE expires_at <= ?', now.toISOString());
    this.#db.run(
      `INSERT INTO oauth_codes (code_hash, client_id, redirect_uri, code_challenge, grant_json, expires_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
      hashOf(code),
      made.clientId,
      made.redirectUri,
      made.codeChallenge,
      JSON.stringify(made.grant),
      new Date(now.getTime() + CODE_LIFETIME_MS).toISOString(),
    );
    return code;
  }

  /**
   * Uses a code up. Undefined for one that is unknown, used, expired or another client's. Whether the verifier
   * fits is for the caller to say: as on the platform, the code is gone either way.
   */
  claimCode(claim: Claim, now: Date): { readonly codeChallenge: string; readonly grant: Grant } | undefined {
    const row = this.#db.get(
      `DELETE FROM oauth_codes WHERE code_hash = ? AND client_id = ? AND redirect_uri = ? AND expires_at > ?
       RETURNING code_challenge, grant_json`,
      hashOf(claim.code),
      claim.clientId,
      claim.redirectUri,
      now.toISOString(),
    );
    if (row === undefined) return undefined;
    return { codeChallenge: text(row, 'code_challenge'), grant: json(row, 'grant_json') as Grant };
  }
}

function toClient(row: Row): OAuthClientRow {
  return {
    clientId: text(row, 'client_id'),
    name: optionalText(row, 'name'),
    redirectUris: json(row, 'redirect_uris') as string[],
    createdAt: text(row, 'created_at'),
  };
}

function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
