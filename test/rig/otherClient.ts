import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CodeServer } from './codeServer.ts';

const STATE = 'user/User/globalStorage/butterbase-community.butterbase-durable-objects/local/platform.json';

/** A platform's first app as any other client has it: another editor, the command line, an agent. */
export class OtherClient {
  readonly #url: string;
  readonly #apiKey: string;

  constructor(platform: { readonly url: string; readonly apiKey: string }) {
    this.#url = platform.url;
    this.#apiKey = platform.apiKey;
  }

  /** Of the embedded platform that an editor has started. */
  static ofEditor({ folder }: CodeServer): OtherClient {
    return new OtherClient(
      JSON.parse(readFileSync(path.join(folder, STATE), 'utf8')) as { url: string; apiKey: string },
    );
  }

  /** The key under which an app's turn is taken, see `AppQueue`. */
  async turn(): Promise<string> {
    return `${this.#url} ${(await this.#app()).id}`;
  }

  /** Status of every class, by DO name. */
  async statuses(): Promise<Record<string, string>> {
    const { durable_objects: rows } = (await (await this.#ask('GET', '/durable-objects')).json()) as {
      durable_objects: { name: string; status: string }[];
    };
    return Object.fromEntries(rows.map(({ name, status }) => [name, status]));
  }

  async envKeys(): Promise<string[]> {
    const { keys } = (await (await this.#ask('GET', '/durable-objects/env')).json()) as { keys: string[] };
    return keys;
  }

  /** Deploys a source; whether the platform took it. */
  async register(name: string, code: string, accessMode = 'public'): Promise<boolean> {
    return (await this.#ask('POST', '/durable-objects', { name, code, access_mode: accessMode })).ok;
  }

  /** The source that was submitted last. */
  async source(name: string): Promise<string> {
    const { code } = (await (await this.#ask('GET', `/durable-objects/${name}`)).json()) as { code: string };
    return code;
  }

  /** Deletes a class; whether the platform did it. */
  async remove(name: string): Promise<boolean> {
    return (await this.#ask('DELETE', `/durable-objects/${name}`)).ok;
  }

  async setEnv(key: string, value: string): Promise<void> {
    const answer = await this.#ask('PUT', `/durable-objects/env/${key}`, { value });
    assert.ok(answer.ok, `${answer.status} ${await answer.text()}`);
  }

  /** What an instance answers, as JSON. */
  async call(name: string, instance: string, method = 'GET'): Promise<unknown> {
    const { origin } = await this.#app();
    return await (await fetch(`${origin}/_do/${name}/${instance}`, { method })).json();
  }

  async #app(): Promise<{ readonly id: string; readonly origin: string }> {
    const answer = await fetch(`${this.#url}/_local/state`, { headers: this.#headers });
    const { apps } = (await answer.json()) as { apps: { id: string; origin: string }[] };
    const [first] = apps;
    assert.ok(first !== undefined);
    return first;
  }

  async #ask(method: string, route: string, body?: object): Promise<Response> {
    const { id } = await this.#app();
    return await fetch(`${this.#url}/v1/${id}${route}`, {
      method,
      headers: { ...this.#headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  get #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#apiKey}` };
  }
}
