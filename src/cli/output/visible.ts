/** Text of others for a terminal: it must not be able to move the cursor or hide what is above it. */
export function visible(text: string): string {
  return text.replace(/[^\P{C}\t\n]/gu, '\uFFFD');
}

/**
 * Text of others for the log of a GitHub workflow, which takes a line that begins with `::`, and `##[` anywhere,
 * for a command.
 */
export function withoutCommands(text: string): string {
  return text.replace(/^(\s*):(?=:)/gm, '$1\uFF1A').replaceAll('##[', '## [');
}
