/** Id of the extension, as the editor addresses it. */
export const EXTENSION_ID = 'butterbase-community.butterbase-durable-objects';

/**
 * The address of a rule's page. The editor hands it to the extension, which shows the page.
 * @param scheme that of the editor's own addresses: `vscode`, `vscode-insiders`, `code-oss` …
 */
export function ruleUri(scheme: string, id: string): string {
  return `${scheme}://${EXTENSION_ID}/rule/${id}`;
}

/** The rule id in the path of such an address. */
export function ruleOfPath(path: string): string | undefined {
  return /^\/rule\/([a-z]+(?:-[a-z]+)*)$/.exec(path)?.[1];
}
