import { CATALOGUE, ruleInfo, type RuleInfo } from '../../core/rules/catalogue.ts';
import type { Finding, Range, Severity } from '../../core/rules/finding.ts';
import { ruleUri } from '../../core/rules/ruleUri.ts';
import type { LintedFile } from './report.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
};

/** SARIF 2.1.0, the format of code scanning. */
export function sarif(files: readonly LintedFile[]): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Durable Objects for Butterbase', rules: CATALOGUE.map(descriptor) } },
        columnKind: 'utf16CodeUnits',
        artifacts: files.map(({ file }) => ({ location: location(file), sourceLanguage: 'typescript' })),
        results: files.flatMap((file, index) => file.findings.map((finding) => result(file, index, finding))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function descriptor(info: RuleInfo): object {
  return {
    id: info.id,
    shortDescription: { text: `${info.title.replaceAll('`', "'")}.` },
    helpUri: ruleUri('vscode', info.id),
    defaultConfiguration: { level: LEVELS[info.severity] },
  };
}

function result({ file }: LintedFile, index: number, { rule, severity, message, range }: Finding): object {
  const known = ruleInfo(rule);
  return {
    ruleId: rule,
    ...(known && { ruleIndex: CATALOGUE.indexOf(known) }),
    level: LEVELS[severity],
    message: { text: message },
    locations: [
      { physicalLocation: { artifactLocation: { ...location(file), index }, region: region(range) } },
    ],
  };
}

/** A path from the folder of the command is one from the root of the sources; any other path is a whole URI. */
function location(file: string): { uri: string; uriBaseId?: string } {
  const path = file.replace(/^(?:\.\/)+/, '');
  const uri = path.split('/').map(encodeURIComponent).join('/');
  if (path.startsWith('/')) return { uri: `file://${uri}` };
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${uri.replace('%3A', ':')}` };
  return { uri, uriBaseId: '%SRCROOT%' };
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
