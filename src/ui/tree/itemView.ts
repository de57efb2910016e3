/** What one element of a tree shows; a plain value, made into a TreeItem in one place. */
export interface ItemView {
  /** Stable over refreshes: never made of anything that changes. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Markdown. Text of others in it is escaped. */
  readonly tooltip: string;
  readonly icon: { readonly id: string; readonly color?: string };
  /** Tokens joined by `;`, as the manifest's `viewItem` clauses read them. */
  readonly contextValue: string;
  /** What a screen reader says: state in words, since an icon is silent. */
  readonly accessibilityLabel: string;
  readonly command?: { readonly id: string; readonly title: string };
  readonly collapsible?: 'collapsed' | 'expanded';
}

/** Text as it stands, within Markdown. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~&$]/g, '\\$&');
}

/** Text in a fence that it cannot end. */
export function codeBlock(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), (match) => match[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text.trim()}\n${fence}`;
}
