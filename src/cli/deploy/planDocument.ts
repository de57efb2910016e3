import { isRefusedByPlatform } from '../../core/rules/deployGate.ts';
import { stuckOf } from '../../operations/planning.ts';
import { errorDocument } from '../output/reportError.ts';
import { classOutcomes } from './outcomes.ts';
import type { AppPlan } from './planApp.ts';
import { refusalOf } from './planApp.ts';
import type { Step } from './sequence.ts';
import { targetDocument } from '../output/targetDocument.ts';

/** A plan as `--json` writes it; `docs/command-line.md` describes it. */
export function planDocument(plan: AppPlan): object {
  const { outcome, sequence, blocked, look, moduleBytes, inSync } = plan;
  const refusal = refusalOf(plan);
  return {
    kind: 'plan',
    ...targetDocument(plan.open),
    outcome,
    refusal: refusal === undefined ? null : errorDocument(refusal),
    classes: classOutcomes(plan).map(({ waysOut, ...rest }) => ({
      ...rest,
      waysOut: waysOut.map(({ kind, text }) => ({ kind, text })),
    })),
    inSync,
    steps: sequence.steps.map(stepDocument),
    findings: blocked.flatMap(({ file, findings }) =>
      findings.map((finding) => ({
        file,
        rule: finding.rule,
        code: finding.code,
        message: finding.message,
        range: finding.range,
        refusedByPlatform: isRefusedByPlatform(finding),
      })),
    ),
    module: { bytes: moduleBytes ?? null },
    stuck: stuckOf(look).map(({ kind, about, message, nextStep, onlySupport }) => ({
      kind,
      about,
      message,
      nextStep,
      onlySupport,
    })),
    envKeys: look.envKeys,
    recovered: plan.open.recovered.map(recoveredDocument),
  };
}

export function stepDocument(step: Step): object {
  const { input, className, kind, repair, plan, preflight, destroys, refusal } = step;
  return {
    name: input.name,
    className,
    accessMode: input.accessMode,
    action: kind,
    source: repair?.source ?? 'file',
    destroys: destroys.map(({ name, className: lost, reason, cause, certain }) => ({
      name,
      className: lost,
      reason,
      cause,
      certain,
    })),
    evicts: plan.fates.filter((fate) => fate.kind === 'evicted').map(({ name }) => name),
    preflight:
      preflight.kind === 'loads'
        ? { result: 'loads' }
        : { result: preflight.kind, message: preflight.kind === 'fails' ? preflight.message : preflight.why },
    cautions: plan.cautions.map(({ kind: caution, about, text }) => ({ kind: caution, about, text })),
    refusal: refusal === undefined ? null : errorDocument(refusal),
  };
}

export function recoveredDocument({
  pending,
  outcome,
  message,
  nextStep,
}: AppPlan['open']['recovered'][number]): object {
  const { change, at, from } = pending;
  const about = 'name' in change ? { name: change.name } : { key: change.key };
  return { change: change.kind, ...about, at, from, outcome, message, nextStep };
}
