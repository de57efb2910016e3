import { randomBytes, randomUUID } from 'node:crypto';
import { AppEnvTable } from './appEnvTable.ts';
import { AppTable } from './appTable.ts';
import { AuditTable } from './auditTable.ts';
import { ClassTable } from './classTable.ts';
import { Database, text } from './database.ts';
import { DeployTable } from './deployTable.ts';
import { EnvTable } from './envTable.ts';
import { generateKey, KeyTable } from './keyTable.ts';
import { OAuthTable } from './oauthTable.ts';
import { UsageTable } from './usageTable.ts';

/** Standing of the account that owns the apps. Always `active`, except where a test sets it. */
export type AccountStatus = 'active' | 'soft_locked' | 'suspended';

/** Everything the embedded platform remembers, in one SQLite file. */
export class Store {
  readonly apps: AppTable;
  readonly classes: ClassTable;
  readonly deploys: DeployTable;
  readonly appEnv: AppEnvTable;
  readonly env: EnvTable;
  readonly usage: UsageTable;
  readonly keys: KeyTable;
  readonly audit: AuditTable;
  readonly oauth: OAuthTable;
  readonly #db: Database;

  constructor(path: string) {
    this.#db = new Database(path);
    this.apps = new AppTable(this.#db);
    this.classes = new ClassTable(this.#db);
    this.deploys = new DeployTable(this.#db);
    this.appEnv = new AppEnvTable(this.#db);
    this.env = new EnvTable(this.#db);
    this.usage = new UsageTable(this.#db);
    this.keys = new KeyTable(this.#db);
    this.audit = new AuditTable(this.#db);
    this.oauth = new OAuthTable(this.#db);
  }

  /** The one owner of what is made here. */
  get ownerId(): string {
    return this.#remembered('owner_id', randomUUID);
  }

  get organizationId(): string {
    return this.#remembered('organization_id', randomUUID);
  }

  /** With it an app's dispatcher proves to the invoker that it is one of ours. */
  get invokerToken(): string {
    return this.#remembered('invoker_token', () => randomBytes(32).toString('hex'));
  }

  /** Signs what goes through the browser while somebody signs in. */
  get oauthSecret(): string {
    return this.#remembered('oauth_secret', () => randomBytes(32).toString('hex'));
  }

  /** The key that was made at the first start; a new one when somebody revoked it. */
  apiKey(now: string): string {
    const known = this.#get('api_key');
    if (known !== undefined && this.keys.validate(known, now) !== undefined) return known;
    const made = generateKey();
    this.keys.insert(
      made,
      { ownerId: this.ownerId, name: 'Embedded platform', scopes: ['*'], scope: 'app' },
      now,
    );
    this.#set('api_key', made);
    return made;
  }

  get accountStatus(): AccountStatus {
    return (this.#get('account_status') ?? 'active') as AccountStatus;
  }

  set accountStatus(status: AccountStatus) {
    this.#set('account_status', status);
  }

  /** TCP port of the API when it last ran; 0 before the first start. */
  get port(): number {
    return Number(this.#get('port') ?? 0);
  }

  set port(port: number) {
    this.#set('port', String(port));
  }

  transaction<T>(work: () => T): T {
    return this.#db.transaction(work);
  }

  close(): void {
    this.#db.close();
  }

  #remembered(key: string, make: () => string): string {
    const known = this.#get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#set(key, made);
    return made;
  }

  #get(key: string): string | undefined {
    const row = this.#db.get('SELECT value FROM meta WHERE key = ?', key);
    return row === undefined ? undefined : text(row, 'value');
  }

  #set(key: string, value: string): void {
    this.#db.run(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      value,
    );
  }
}
