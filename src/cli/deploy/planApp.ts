import { pathToFileURL } from 'node:url';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import { stopsDeploy, isRefusedByPlatform } from '../../core/rules/deployGate.ts';
import type { RuleSettings } from '../../core/rules/severities.ts';
import type { LintInput } from '../../core/rules/subject.ts';
import { lookAt, type AppModule, type Look } from '../../operations/look.ts';
import { WOULD_DESTROY } from '../../operations/previews.ts';
import type { DeployInput } from '../../operations/sourceCheck.ts';
import type { OpenApp } from '../connect/openApp.ts';
import type { LintedFile } from '../lintFormats/report.ts';
import type { LocalClass } from '../project/project.ts';
import { usageError } from '../usageError.ts';
import { foreignChanges, keepSeen } from './foreignChanges.ts';
import { planDeploys, type Sequence } from './sequence.ts';

/** What is asked for. */
export interface Wish {
  /** DO names; empty for all of the manifest that differ from what is deployed. */
  readonly names: readonly string[];
  /** DO names whose stored data may be lost. */
  readonly destroy: readonly string[];
  /** DO names whose deployed source may be replaced although it came from elsewhere since. */
  readonly overwrite: readonly string[];
  /** Deploys also what is deployed as it is. */
  readonly redeploy: boolean;
  /** Goes on in spite of errors that the platform would take. */
  readonly allowFindings: boolean;
  readonly severities: RuleSettings;
}

/** What a deploy would do to an app, and whether it may. */
export interface AppPlan {
  readonly open: OpenApp;
  /** The app as it is now. */
  readonly look: Look;
  /** The classes of the manifest, in its order. */
  readonly local: readonly LocalClass[];
  /** DO names that are deployed with source and access mode as they are in the files. */
  readonly inSync: readonly string[];
  /** Files that are to be deployed and have errors. */
  readonly blocked: readonly LintedFile[];
  readonly sequence: Sequence;
  /** UTF-8 bytes of the module after the deploy; undefined when it cannot be built. */
  readonly moduleBytes: number | undefined;
  readonly outcome: Outcome;
}

export type Outcome =
  /** Everything is deployed as it is in the files. */
  | 'nothing'
  /** The steps can go. */
  | 'ready'
  /** Stored data would be lost that nobody agreed to lose. */
  | 'wouldDestroy'
  /** The platform would refuse or fail it, or a file has errors. */
  | 'refused';

export interface PlanAppInput {
  readonly open: OpenApp;
  readonly local: readonly LocalClass[];
  readonly wish: Wish;
  readonly command: string;
  readonly signal: AbortSignal;
}

/** @throws DoError for a name that is not in the manifest, a file that cannot be read, or what the platform answers */
export async function planApp(input: PlanAppInput): Promise<AppPlan> {
  const { open, local, wish, command, signal } = input;
  for (const name of [...wish.names, ...wish.overwrite]) {
    if (!local.some((each) => each.name === name)) throw notInManifest(name, local, command);
  }
  await keepSeen(open.parts, signal);
  const look = await lookAt(open.parts, signal);
  const chosen = local.filter(({ name }) => wish.names.length === 0 || wish.names.includes(name));
  const inSync = local.filter((each) => isInSync(each, look)).map(({ name }) => name);
  const wanted = chosen.filter(({ name }) => wish.redeploy || !inSync.includes(name));
  const inputs = wanted.map(inputOf);
  const blocked = await lintWanted(local, wanted, look, wish);
  const isBlocked = (name: string): boolean => {
    const file = local.find((each) => each.name === name)?.shown;
    return blocked.some((each) => each.file === file);
  };
  const foreign = await foreignChanges(
    open.parts,
    inputs.filter(({ name }) => !wish.overwrite.includes(name)),
  );
  const sequence = await planDeploys({
    parts: open.parts,
    look,
    wanted: inputs.filter(({ name }) => !isBlocked(name)),
    guarded: foreign,
    allowed: wish.destroy,
    fileOf: (name) => {
      const file = local.find((each) => each.name === name);
      return file?.read.ok === true ? inputOf(file) : undefined;
    },
    signal,
  });
  refuseTypos(wish.destroy, sequence, command);
  return {
    open,
    look,
    local,
    inSync,
    blocked,
    sequence,
    moduleBytes: await moduleBytesOf(sequence.after),
    outcome: outcomeOf(blocked, sequence),
  };
}

/** Files that are to be deployed have errors. */
export const LINT = 'LINT';

/** Why a plan is refused, of several reasons the one that weighs most; undefined when it is not. */
export function refusalOf({ sequence, blocked }: Pick<AppPlan, 'sequence' | 'blocked'>): DoError | undefined {
  const refusals = sequence.steps.map(({ refusal }) => refusal).filter((each) => each !== undefined);
  const destruction = refusals.find(({ code }) => code === WOULD_DESTROY);
  return destruction ?? refusals[0] ?? (blocked.length > 0 ? filesHaveErrors(blocked) : undefined);
}

function filesHaveErrors(blocked: readonly LintedFile[]): DoError {
  const [first, ...others] = blocked.map(({ file }) => file);
  return new DoError({
    code: LINT,
    message: `${first ?? ''}${others.length === 0 ? ' has' : ` and ${others.length} more have`} errors. Nothing was sent.`,
    nextStep: 'Correct what was found, or look at it with `cli lint`.',
  });
}

export function isInSync({ name, accessMode, read }: LocalClass, look: Look): boolean {
  const row = look.sources.get(name);
  return (
    row !== undefined &&
    read.ok &&
    row.status === 'READY' &&
    row.code === read.text &&
    row.accessMode === accessMode
  );
}

function inputOf({ name, accessMode, shown, read }: LocalClass): DeployInput {
  if (read.ok) return { name, accessMode, code: read.text };
  throw new DoError({
    code: ERROR_CODES.badFile,
    message: `${shown}: ${read.problem}`,
    nextStep: `Nothing was sent. Restore the file, or correct the source of ${name} in the manifest.`,
  });
}

/** The errors of the files that stop their deploy, as in the editor. */
async function lintWanted(
  local: readonly LocalClass[],
  wanted: readonly LocalClass[],
  look: Look,
  wish: Wish,
): Promise<LintedFile[]> {
  if (wanted.length === 0) return [];
  // Brings TypeScript with it.
  const { lintApp } = await import('../../core/rules/engine.ts');
  const uriOf = ({ file }: LocalClass): string => pathToFileURL(file).href;
  const files = local.flatMap((each): LintInput[] => {
    const { name, accessMode, read } = each;
    return read.ok ? [{ uri: uriOf(each), name, accessMode, text: read.text }] : [];
  });
  const deployedOnly = look.rows.flatMap(({ name, accessMode, status }): LintInput[] => {
    const code = look.sources.get(name)?.code;
    // A class in ERROR is not part of the module.
    if (code === undefined || status === 'ERROR' || local.some((each) => each.name === name)) return [];
    return [{ uri: `deployed:/${name}.ts`, name, accessMode, text: code, isDeployedOnly: true }];
  });
  const context = {
    files: [...files, ...deployedOnly],
    deployed: look.rows,
    envKeys: look.envKeys,
    appEnvKeys: look.appEnvKeys,
  };
  const findings = lintApp(context, { only: wanted.map(uriOf), severities: wish.severities });
  return wanted.flatMap((each): LintedFile[] => {
    const stopping = (findings.get(uriOf(each)) ?? []).filter(
      (finding) => stopsDeploy(finding) && (!wish.allowFindings || isRefusedByPlatform(finding)),
    );
    if (stopping.length === 0) return [];
    return [
      { file: each.shown, path: each.file, text: each.read.ok ? each.read.text : '', findings: stopping },
    ];
  });
}

function outcomeOf(blocked: readonly LintedFile[], sequence: Sequence): Outcome {
  const refusal = refusalOf({ sequence, blocked });
  if (refusal !== undefined) return refusal.code === WOULD_DESTROY ? 'wouldDestroy' : 'refused';
  return sequence.steps.length === 0 ? 'nothing' : 'ready';
}

async function moduleBytesOf({ rows, sources }: AppModule): Promise<number | undefined> {
  const [{ buildModule }, { BundleError }] = await Promise.all([
    import('../../core/bundle/buildModule.ts'),
    import('../../core/bundle/bundleError.ts'),
  ]);
  const classes = rows
    .filter(({ status }) => status !== 'ERROR')
    .flatMap(({ name }) => sources.get(name) ?? [])
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  try {
    return classes.length === 0 ? 0 : Buffer.byteLength(buildModule(classes).code);
  } catch (error) {
    // What is wrong with it is said where it stands in the way.
    if (error instanceof BundleError) return undefined;
    throw error;
  }
}

function refuseTypos(destroy: readonly string[], { steps }: Sequence, command: string): void {
  const destroyed = new Set(steps.flatMap((step) => step.destroys.map(({ name }) => name)));
  const wrong = destroy.find((name) => !destroyed.has(name));
  if (wrong === undefined) return;
  const which = destroyed.size === 0 ? 'Nothing would be' : `What would be is ${[...destroyed].join(', ')}`;
  throw usageError(
    `--destroy ${wrong}: ${wrong} would not be destroyed by this. ${which}. Nothing was sent.`,
    command,
  );
}

function notInManifest(name: string, local: readonly LocalClass[], command: string): DoError {
  const known = local.map((each) => each.name).join(', ');
  return usageError(
    `There is no class ${name} in the manifest.${known === '' ? '' : ` There are: ${known}.`}`,
    command,
  );
}
