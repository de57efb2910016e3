/** Text of others for a terminal: it must not be able to move the cursor or hide what is above it. */
export function visible(text: string): string {
  return text.replace(/[^\P{C}\t\n]/gu, '\uFFFD');
}

/** The same for what has to stay on one line, such as the name of a file. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', '\uFFFD');
}

/**
 * Text of others for the log of a GitHub workflow, which takes a line that begins with `::`, and `##[` anywhere,
 * for a command.
 */
export function withoutCommands(text: string): string {
  return text.replace(/^(\s*):(?=:)/gm, '$1\uFF1A').replaceAll('##[', '## [');
}
