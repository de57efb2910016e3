import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RuleInfo } from '../../core/rules/catalogue.ts';

/** What the page of a rule says, for tools that show it beside a finding. */
export interface RulePage {
  /** What happens on the platform, without Markdown. */
  readonly lead: string;
  /** All of it below the title, as Markdown without links, which would lead nowhere. */
  readonly body: string;
}

/** The page of a rule; undefined when the command line was taken out of its package without the pages. */
export async function readRulePage({ docs }: RuleInfo): Promise<RulePage | undefined> {
  const text = await readAbove(dirname(await realpath(process.argv[1] ?? '.')), docs);
  if (text === undefined) return undefined;
  const body = text
    .replace(/^# .*\n+/, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim();
  const paragraphs = body.split(/\n{2,}/);
  const lead = paragraphs.find((paragraph) => !/^(?:\*\*|#|```)/.test(paragraph)) ?? body;
  return { lead: lead.replaceAll('`', '').replace(/\s+/g, ' '), body };
}

/** A file of the package that the script is part of: in the folder of the script or above it. */
async function readAbove(start: string, file: string): Promise<string | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    const text = await readFile(join(folder, file), 'utf8').catch(() => undefined);
    if (text !== undefined || folder === dirname(folder)) return text;
  }
}
