import type { Finding } from '../core/rules/finding.ts';
import type { RuleSettings } from '../core/rules/severities.ts';
import { readArguments } from './arguments.ts';
import { EXIT, type ExitCode } from './exitCodes.ts';
import { readLintFiles, type LintApp } from './lintFiles.ts';
import { github } from './lintFormats/github.ts';
import { json } from './lintFormats/json.ts';
import { pretty } from './lintFormats/pretty.ts';
import type { Format, LintedFile } from './lintFormats/report.ts';
import { sarif } from './lintFormats/sarif.ts';
import { sourceRoot } from './lintFormats/sourceRoot.ts';
import { Output } from './output/output.ts';
import { visibleLine } from './output/visible.ts';
import { readRule } from './ruleOption.ts';
import { usageError } from './usageError.ts';

const USAGE = `Usage: cli lint [options] [--] [FILES...]

Says what the platform would refuse or not load, and what would surprise. Without files it is about those of the
manifest. A folder stands for the files that its manifest names and those in its "durable-objects" folders, or, when
it has none, for the TypeScript files right in it. Patterns such as "src/**/*.ts" may be quoted. Ends with 0 when there
is no error, 1 when there is one, and 2 when a file or an option cannot be used.

Options:
  --format F           pretty (default), json, sarif or github
  --manifest FILE      Names and access modes (default: the nearest .butterbase/durable-objects.json)
  --rule ID=SEVERITY   off, error, warning or information for a rule; may be given more than once
  --                   What follows is a file, also when its name begins with "-"
`;

const FORMATS: Readonly<Record<string, Format>> = { pretty, json, sarif, github };

/** Lints files; resolves with the exit code. */
export async function lintCommand(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArguments('lint', args, {
    format: { type: 'string', default: 'pretty' },
    manifest: { type: 'string' },
    rule: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return EXIT.ok;
  }
  const format = Object.hasOwn(FORMATS, values.format) ? FORMATS[values.format] : undefined;
  if (format === undefined) {
    const known = Object.keys(FORMATS).join(', ');
    throw usageError(`--format takes ${known}, not "${values.format}".`, 'lint');
  }
  for (const given of [values.manifest, ...positionals]) {
    // An empty variable in a script must not stand for the folder that one happens to be in.
    if (given === '') throw usageError('The name of a file is empty.', 'lint');
  }
  const severities = Object.fromEntries(values.rule.map((text) => readRule(text, 'lint')));
  const { apps, problems } = await readLintFiles(positionals, values.manifest);
  const output = new Output(false, process.env);
  for (const problem of problems) {
    output.annotate('error', problem);
    output.say(visibleLine(problem));
  }
  const files = await lintAll(apps, severities);
  const root = sourceRoot(process.cwd(), process.env);
  const text = await format({ files, problems, root, paint: output.onStdout });
  if (format !== pretty) output.raw(text);
  else if (text !== '') output.print(text);
  if (problems.length > 0) return EXIT.usage;
  const isError = ({ severity }: Finding): boolean => severity === 'error';
  return files.some(({ findings }) => findings.some(isError)) ? EXIT.failed : EXIT.ok;
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
      if (file === undefined) return [];
      return [{ file: file.shown, path: file.path, text, findings: inOrder(findings.get(uri) ?? []) }];
    });
  });
}

function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    ({ range: { start: a } }, { range: { start: b } }) => a.line - b.line || a.character - b.character,
  );
}
