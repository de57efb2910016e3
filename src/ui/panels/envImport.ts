import { envKeyMessage, envKeyWarning, parseEnvFile } from '../../core/model/envFile.ts';
import type { PreviewRow } from '../../webview/protocol/env.ts';
import type { EnvFacts } from './envFacts.ts';

/** What setting each variable of a `.env` text would do, in the order of its lines. No values are in it. */
export function importPreview(text: string, facts: EnvFacts): readonly PreviewRow[] {
  const { entries, problems } = parseEnvFile(text);
  const good = entries.map(({ key, value, line }): PreviewRow => {
    const refused = envKeyMessage(key, facts.bindings);
    if (refused !== undefined) return { line, key, state: 'problem', message: refused, length: undefined };
    const state = facts.keys.includes(key) ? 'replaces' : 'new';
    return { line, key, state, message: envKeyWarning(key), length: value.length };
  });
  const bad = problems.map(({ line, key, message }): PreviewRow => ({
    line,
    key,
    state: 'problem',
    message,
    length: undefined,
  }));
  return [...good, ...bad].sort((a, b) => a.line - b.line);
}
