import { parseArgs } from 'node:util';
import { ruleInfo } from '../core/rules/catalogue.ts';
import type { Finding } from '../core/rules/finding.ts';
import { isRuleSetting, RULE_SETTINGS, type RuleSettings } from '../core/rules/severities.ts';
import { readLintFiles, type LintApp } from './lintFiles.ts';
import { github } from './lintFormats/github.ts';
import { json } from './lintFormats/json.ts';
import { pretty } from './lintFormats/pretty.ts';
import type { Format, LintedFile } from './lintFormats/report.ts';
import { sarif } from './lintFormats/sarif.ts';

const USAGE = `Usage: cli lint [options] FILES...

Says what the platform would refuse or not load, and what would surprise. A folder stands for the files in its
"durable-objects" folders, or for the TypeScript files right in it. Ends with 0 when there is no error, 1 when
there is one, and 2 when a file or an option cannot be used.

Options:
  --format F           pretty (default), json, sarif or github
  --manifest FILE      Names and access modes (default: the nearest .butterbase/durable-objects.json)
  --rule ID=SEVERITY   off, error, warning or information for a rule; may be given more than once
`;

const FORMATS: Readonly<Record<string, Format>> = { pretty, json, sarif, github };

/** Lints files; resolves with the exit code. */
export async function lintCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'number') return options;
  const { apps, problems } = await readLintFiles(options.files, options.manifest);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const files = await lintAll(apps, options.severities);
  const colours =
    process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
  process.stdout.write(options.format(files, { colours }));
  if (problems.length > 0) return 2;
  return files.some(({ findings }) => findings.some(({ severity }) => severity === 'error')) ? 1 : 0;
}

async function lintAll(apps: readonly LintApp[], severities: RuleSettings): Promise<LintedFile[]> {
  // Brings TypeScript with it, which no other command should wait for.
  const { lintApp } = await import('../core/rules/engine.ts');
  return apps.flatMap(({ inputs, named }) => {
    const only = [...named.keys()];
    const context = { files: inputs, deployed: [], envKeys: undefined };
    const findings = lintApp(context, { only, severities });
    return inputs.flatMap(({ uri, text }): LintedFile[] => {
      const file = named.get(uri);
      return file === undefined ? [] : [{ file, text, findings: inOrder(findings.get(uri) ?? []) }];
    });
  });
}

function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    ({ range: { start: a } }, { range: { start: b } }) => a.line - b.line || a.character - b.character,
  );
}

interface LintOptions {
  readonly files: readonly string[];
  readonly format: Format;
  readonly manifest: string | undefined;
  readonly severities: RuleSettings;
}

/** The options, or the exit code when there is nothing to lint. */
function readOptions(args: readonly string[]): LintOptions | number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: 'string', default: 'pretty' },
        manifest: { type: 'string' },
        rule: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const format = Object.hasOwn(FORMATS, values.format) ? FORMATS[values.format] : undefined;
    if (format === undefined) {
      throw new RangeError(`--format takes ${Object.keys(FORMATS).join(', ')}, not "${values.format}".`);
    }
    if (positionals.length === 0) throw new RangeError('Name the files to lint.');
    return {
      files: positionals,
      format,
      manifest: values.manifest,
      severities: Object.fromEntries(values.rule.map(readRule)),
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
}

function readRule(text: string): [string, RuleSettings[string]] {
  const at = text.indexOf('=');
  const [id, setting] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (at < 0 || !isRuleSetting(setting)) {
    throw new RangeError(
      `--rule takes a rule and ${RULE_SETTINGS.join(', ')}, as in a-rule=off; not "${text}".`,
    );
  }
  if (ruleInfo(id) === undefined) throw new RangeError(`There is no rule "${id}".`);
  return [id, setting];
}
