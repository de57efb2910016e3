import { fileURLToPath } from 'node:url';
import { CATALOGUE, ruleInfo, type RuleInfo } from '../../core/rules/catalogue.ts';
import type { Finding, Fix, Range, Severity } from '../../core/rules/finding.ts';
import { ruleUri } from '../../core/rules/ruleUri.ts';
import { VERSION } from '../../local/version.ts';
import { fileUri, pathWithin, relativeUri } from './artifactPath.ts';
import type { LintedFile, LintReport } from './report.ts';
import { readRulePage } from './rulePage.ts';
import { withSlashes } from './sourceRoot.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
};

/** SARIF 2.1.0, the format of code scanning. */
export async function sarif({ files, problems, root }: Omit<LintReport, 'paint'>): Promise<string> {
  const locate = locator(root);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Durable Objects for Butterbase',
            version: VERSION,
            rules: await Promise.all(CATALOGUE.map(descriptor)),
          },
        },
        invocations: [
          {
            executionSuccessful: problems.length === 0,
            toolExecutionNotifications: problems.map((text) => ({ level: 'error', message: { text } })),
          },
        ],
        originalUriBaseIds: { [SOURCE_ROOT]: { uri: `${fileUri(withSlashes(root)).replace(/\/$/, '')}/` } },
        columnKind: 'utf16CodeUnits',
        newlineSequences: ['\r\n', '\n', '\r'],
        artifacts: files.map(({ path }) => ({
          location: locate(path),
          sourceLanguage: 'typescript',
          encoding: 'UTF-8',
        })),
        results: files.flatMap((file, index) =>
          file.findings.map((finding) => result(file, index, finding, locate)),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** Stands in an address for the folder that relative ones start from. */
const SOURCE_ROOT = '%SRCROOT%';

interface Location {
  readonly uri: string;
  readonly uriBaseId?: string;
}

/** What is below the root is named from there, anything else by its whole address. */
function locator(root: string): (path: string) => Location {
  return (path) => {
    const within = pathWithin(withSlashes(path), withSlashes(root));
    if (within === undefined) return { uri: fileUri(withSlashes(path)) };
    return { uri: relativeUri(within), uriBaseId: SOURCE_ROOT };
  };
}

async function descriptor(info: RuleInfo): Promise<object> {
  const page = await readRulePage(info);
  const title = `${info.title.replaceAll('`', "'")}.`;
  return {
    id: info.id,
    shortDescription: { text: title },
    fullDescription: { text: page?.lead ?? title },
    help: page === undefined ? { text: title } : { text: page.body, markdown: page.body },
    helpUri: ruleUri('vscode', info.id),
    defaultConfiguration: { level: LEVELS[info.severity] },
  };
}

function result(
  { path }: LintedFile,
  index: number,
  { rule, code, severity, message, range, related, fixes }: Finding,
  locate: (path: string) => Location,
): object {
  const known = ruleInfo(rule);
  const applicable = fixes.filter(isApplicable);
  return {
    ruleId: rule,
    ...(known && { ruleIndex: CATALOGUE.indexOf(known) }),
    level: LEVELS[severity],
    message: { text: message },
    locations: [
      { physicalLocation: { artifactLocation: { ...locate(path), index }, region: region(range) } },
    ],
    ...(related !== undefined &&
      related.length > 0 && {
        relatedLocations: related.map((other, id) => ({
          id,
          message: { text: other.message },
          physicalLocation: { artifactLocation: placeOf(other.uri, locate), region: region(other.range) },
        })),
      }),
    ...(applicable.length > 0 && {
      fixes: applicable.map(({ title, edits }) => ({
        description: { text: title },
        artifactChanges: [
          {
            artifactLocation: { ...locate(path), index },
            replacements: edits.map((edit) => ({
              deletedRegion: region(edit.range),
              insertedContent: { text: edit.newText },
            })),
          },
        ],
      })),
    }),
    // What the platform itself would answer.
    ...(code !== rule && { properties: { platformCode: code } }),
  };
}

/** A fix that asks for a name, or that makes another file, is one for the editor. */
function isApplicable({ edits, asksName, newFile }: Fix): boolean {
  return edits.length > 0 && asksName === undefined && newFile === undefined;
}

function placeOf(uri: string, locate: (path: string) => Location): Location {
  return uri.startsWith('file:') ? locate(fileURLToPath(uri)) : { uri };
}

/** One-based, the end column past the last character. */
function region({ start, end }: Range): object {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}
