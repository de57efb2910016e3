import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';

const STORAGE = 'user/User/globalStorage/butterbase-community.butterbase-durable-objects/local/platform.json';

interface Row {
  readonly name: string;
  readonly class_name: string;
  readonly status: string;
}

interface App {
  readonly id: string;
  readonly origin: string;
}

/** The embedded platform of this editor, asked over its REST API as any other client would. */
export class EmbeddedPlatform {
  readonly #url: string;
  readonly #apiKey: string;

  constructor() {
    // The rig gives every server a home beside its user data.
    const file = path.join(os.homedir(), '..', STORAGE);
    const { url, apiKey } = JSON.parse(readFileSync(file, 'utf8')) as { url: string; apiKey: string };
    this.#url = url;
    this.#apiKey = apiKey;
  }

  async classes(): Promise<Row[]> {
    const { id } = await this.app();
    const body = await this.#get(`/v1/${id}/durable-objects`);
    return (body as { durable_objects: Row[] }).durable_objects;
  }

  /** Name, class name and status of each class, by name. */
  async states(): Promise<[string, string, string][]> {
    const rows = await this.classes();
    return rows.map((row): [string, string, string] => [row.name, row.class_name, row.status]).sort();
  }

  async app(): Promise<App> {
    const { apps } = (await this.#get('/_local/state')) as { apps: App[] };
    const [first] = apps;
    assert.ok(first !== undefined);
    return first;
  }

  async call(name: string, instance: string, method = 'GET'): Promise<unknown> {
    const { origin } = await this.app();
    const response = await fetch(`${origin}/_do/${name}/${instance}`, { method });
    assert.equal(response.status, 200);
    return await response.json();
  }

  /** The source that is deployed under a name. */
  async source(name: string): Promise<string> {
    const { id } = await this.app();
    return ((await this.#get(`/v1/${id}/durable-objects/${name}`)) as { code: string }).code;
  }

  /** Deploys as somebody else would: another editor, the command line, an agent. */
  async register(name: string, code: string): Promise<void> {
    await this.#send('POST', '', { name, code });
  }

  async envKeys(): Promise<string[]> {
    const { id } = await this.app();
    return ((await this.#get(`/v1/${id}/durable-objects/env`)) as { keys: string[] }).keys;
  }

  async setEnv(key: string, value: string): Promise<void> {
    await this.#send('PUT', `/env/${key}`, { value });
  }

  async deleteEnv(key: string): Promise<void> {
    await this.#send('DELETE', `/env/${key}`);
  }

  /** Deletes every class, and lets the extension know: what is deployed counts in the findings of other files. */
  async empty(): Promise<void> {
    for (const { name } of await this.classes()) await this.#send('DELETE', `/${name}`);
    await vscode.commands.executeCommand('butterbaseDO.refresh');
  }

  async #send(method: string, route: string, body?: unknown): Promise<void> {
    const { id } = await this.app();
    const response = await fetch(`${this.#url}/v1/${id}/durable-objects${route}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.ok(response.ok, `${response.status} ${await response.text()}`);
  }

  async #get(route: string): Promise<unknown> {
    const response = await fetch(this.#url + route, { headers: { authorization: `Bearer ${this.#apiKey}` } });
    assert.equal(response.status, 200);
    return await response.json();
  }
}
