import type * as vscode from 'vscode';

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
    return withSubdomain(pattern, subdomain);
  }

  async remember(origin: string, pattern: string): Promise<void> {
    await this.#memento.update(key(origin), pattern);
  }
}

/** What a person may enter: `https://*.example.com`, `example.com`, `http://*.local:8080`. Undefined when it is none. */
export function parseDomainPattern(text: string): string | undefined {
  const parts = /^(https?:\/\/)?(\*\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d+)?)\/*$/i.exec(text.trim());
  const domain = parts?.[3];
  if (domain === undefined || !URL.canParse(`https://app.${domain}`)) return undefined;
  return `${(parts?.[1] ?? 'https://').toLowerCase()}*.${domain}`;
}

function withSubdomain(pattern: string, subdomain: string): string {
  return pattern.replace('*', subdomain);
}

function key(origin: string): string {
  return `instanceDomain ${origin}`;
}
