import type * as vscode from 'vscode';
import { instanceBaseIn } from '../../core/model/instanceBase.ts';

/**
 * The domain under which a self-hosted platform serves its apps. The platform has no route that always says
 * it, so a person is asked once per platform.
 */
export class InstanceDomains {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** `https://<subdomain>.<domain>`, or undefined while either is not known. */
  baseOf(origin: string, subdomain: string | undefined): string | undefined {
    const pattern = this.#memento.get<string>(key(origin));
    if (pattern === undefined || subdomain === undefined) return undefined;
    return instanceBaseIn(pattern, subdomain);
  }

  async remember(origin: string, pattern: string): Promise<void> {
    await this.#memento.update(key(origin), pattern);
  }
}

function key(origin: string): string {
  return `instanceDomain ${origin}`;
}
