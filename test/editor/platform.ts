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
    const { id } = await this.app();
    const response = await fetch(`${this.#url}/v1/${id}/durable-objects`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, code }),
    });
    assert.ok(response.ok, `${response.status} ${await response.text()}`);
  }

  /** Deletes every class, and lets the extension know: what is deployed counts in the findings of other files. */
  async empty(): Promise<void> {
    const { id } = await this.app();
    for (const { name } of await this.classes()) {
      const response = await fetch(`${this.#url}/v1/${id}/durable-objects/${name}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${this.#apiKey}` },
      });
      assert.ok(response.ok, `${response.status} ${await response.text()}`);
    }
    await vscode.commands.executeCommand('butterbaseDO.refresh');
  }

  async #get(route: string): Promise<unknown> {
    const response = await fetch(this.#url + route, { headers: { authorization: `Bearer ${this.#apiKey}` } });
    assert.equal(response.status, 200);
    return await response.json();
  }
}
