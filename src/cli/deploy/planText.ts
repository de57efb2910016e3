import { MAX_BUNDLE_BYTES } from '../../core/model/names.ts';
import { stuckOf } from '../../operations/planning.ts';
import { WOULD_DESTROY } from '../../operations/previews.ts';
import type { Colour, Output } from '../output/output.ts';
import { sayError } from '../output/reportError.ts';
import { targetText } from '../output/targetDocument.ts';
import { classOutcomes, type ClassOutcome, type Fate } from './outcomes.ts';
import { refusalOf, type AppPlan } from './planApp.ts';
import type { Step } from './sequence.ts';

/** How a fate is shown: a sign, which is there without colours too, a colour, and a word. */
const SHOWN: Readonly<Record<Fate, readonly [sign: string, colour: Colour, word: string]>> = {
  created: ['+', 'green', 'create'],
  updated: ['~', 'yellow', 'update'],
  repaired: ['*', 'yellow', 'repair first'],
  redeployed: ['=', 'yellow', 'deploy again'],
  destroyed: ['-', 'red', 'DESTROY'],
  refused: ['x', 'red', 'refused'],
  evicted: [' ', 'cyan', 'restart'],
  idle: [' ', 'dim', 'no change'],
};

/** A plan for people, on stdout. */
export function printPlan(output: Output, plan: AppPlan): void {
  output.print(output.onStdout('bold', targetText(plan.open)));
  output.print('');
  const outcomes = classOutcomes(plan);
  if (outcomes.length === 0) output.print('  There is no class.');
  const width = Math.max(0, ...outcomes.map(({ name }) => name.length));
  for (const outcome of outcomes) output.print(line(output, outcome, width));
  output.print('');
  for (const text of notes(plan)) output.print(text);
}

/** What the plan comes to, in one sentence. */
export function summaryOf(plan: AppPlan): string {
  const { outcome } = plan;
  if (outcome === 'nothing') return 'Nothing to do: everything is deployed as it is in the files.';
  const outcomes = classOutcomes(plan);
  const parts = (['created', 'updated', 'repaired', 'redeployed', 'destroyed', 'refused', 'evicted'] as const)
    .map((fate) => [outcomes.filter((each) => each.fate === fate).length, WORDS[fate]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  return `Plan: ${parts.join(', ')}.`;
}

/** Says on stderr why a plan is refused. */
export function sayRefusals(output: Output, plan: AppPlan): void {
  const { sequence, blocked } = plan;
  for (const { file, findings } of blocked) {
    for (const { message, range, rule } of findings) {
      output.say(`${file}:${range.start.line + 1}:${range.start.character + 1} ${message} [${rule}]`);
    }
  }
  const refusal = refusalOf(plan);
  if (refusal !== undefined) sayError(output, refusal);
  if (sequence.noRepair !== undefined) sayError(output, sequence.noRepair);
  if (refusal?.code === WOULD_DESTROY) {
    const names = [...new Set(sequence.steps.flatMap(({ destroys }) => destroys.map(({ name }) => name)))];
    output.say(`To lose it all the same: ${names.map((name) => `--destroy ${name}`).join(' ')}`);
  }
}

/** One line about a step: `Deploy counter`. */
export function stepText({ input, kind, repair }: Step): string {
  if (repair !== undefined) {
    const from = {
      history: `with its source of ${repair.at ?? 'before'}`,
      file: 'with its file',
      failed: 'with the source that failed',
    }[repair.source];
    return `Bring back ${input.name}, which is in ERROR, ${from}`;
  }
  const verb = { create: 'Create', update: 'Deploy', unchanged: 'Deploy again', repair: 'Bring back' }[kind];
  return `${verb} ${input.name}`;
}

/** The same in a plan, with whether it can go. */
export function plannedText(step: Step): string {
  return step.refusal === undefined ? stepText(step) : `${stepText(step)} (refused)`;
}

const WORDS: Readonly<Record<Exclude<Fate, 'idle'>, string>> = {
  created: 'to create',
  updated: 'to update',
  repaired: 'to repair first',
  redeployed: 'to deploy again',
  destroyed: 'destroyed',
  refused: 'refused',
  evicted: 'restarted',
};

function line(
  output: Output,
  { name, className, fate, reason, waysOut }: ClassOutcome,
  width: number,
): string {
  const [sign, colour, word] = SHOWN[fate];
  const head = `  ${output.onStdout(colour, `${sign} ${name.padEnd(width)}  ${word.padEnd(12)}`)}`;
  const rest = `  ${className}`;
  const explained = fate === 'destroyed' || fate === 'refused' || reason === 'It is in ERROR.';
  const lines = explained ? [reason, ...waysOut.map(({ text }) => text)].filter((text) => text !== '') : [];
  return [`${head}${rest}`, ...lines.map((text) => `      ${text.replaceAll('\n', '\n      ')}`)].join('\n');
}

function notes({ sequence, moduleBytes, look }: AppPlan): string[] {
  const { steps } = sequence;
  const cautions = new Set(steps.flatMap(({ plan }) => plan.cautions.map(({ text }) => text)));
  const stuck = stuckOf(look).map(({ message, nextStep }) => `${message} ${nextStep}`.trim());
  const unsure = steps.flatMap(({ preflight, refusal }) => {
    if (refusal !== undefined || preflight.kind === 'loads' || preflight.kind === 'fails') return [];
    return [preflight.why];
  });
  return [
    ...(steps.length < 2
      ? []
      : ['In this order:', ...steps.map((step, at) => `  ${at + 1}. ${plannedText(step)}`)]),
    ...[...cautions, ...stuck].map((text) => `Note: ${text}`),
    ...new Set(unsure.map((why) => `The module was not tried in the runtime: ${why}`)),
    ...(moduleBytes === undefined || steps.length === 0 ? [] : [moduleText(moduleBytes, steps)]),
  ];
}

function moduleText(bytes: number, steps: readonly Step[]): string {
  const size = `${(bytes / 1024).toFixed(1)} KB of ${MAX_BUNDLE_BYTES / 1024 / 1024} MB`;
  const loads = steps.every(({ preflight }) => preflight.kind === 'loads');
  return `The module has ${size}${loads ? ' and loads in the runtime' : ''}.`;
}
