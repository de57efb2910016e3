/*
 * Where instances of an app live, without `/_do` and without a slash at the end. The list of apps has only the
 * subdomain; a platform of one's own has a domain that none of its routes always says.
 */

/** On the hosted platform; undefined without a subdomain. */
export function hostedInstanceBase(subdomain: string | undefined): string | undefined {
  return subdomain === undefined ? undefined : `https://${subdomain}.butterbase.dev`;
}

/**
 * What a person may say of a platform of one's own: `https://*.example.com`, `example.com`, `http://*.local:8080`.
 * Undefined when it is no domain.
 */
export function parseDomainPattern(text: string): string | undefined {
  const parts = /^(https?:\/\/)?(\*\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d+)?)\/*$/i.exec(text.trim());
  const domain = parts?.[3];
  if (domain === undefined || !URL.canParse(`https://app.${domain}`)) return undefined;
  return `${(parts?.[1] ?? 'https://').toLowerCase()}*.${domain}`;
}

/** @param pattern from `parseDomainPattern` */
export function instanceBaseIn(pattern: string, subdomain: string): string {
  return pattern.replace('*', subdomain);
}
