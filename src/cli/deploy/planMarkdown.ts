import { targetText } from '../output/targetDocument.ts';
import { classOutcomes, type Fate } from './outcomes.ts';
import { refusalOf, type AppPlan } from './planApp.ts';
import { plannedText, summaryOf } from './planText.ts';

const WORDS: Readonly<Record<Fate, string>> = {
  created: '🟢 create',
  updated: '🟡 update',
  repaired: '🟡 repair first',
  redeployed: '🟡 deploy again',
  destroyed: '🔴 **destroy**',
  refused: '🔴 refused',
  evicted: '🔵 restart',
  idle: 'no change',
};

/** A plan for the summary of a GitHub workflow. */
export function planMarkdown(plan: AppPlan): string {
  const { sequence, blocked } = plan;
  const refusal = refusalOf(plan);
  const rows = classOutcomes(plan).map(
    ({ name, className, fate, reason }) =>
      `| ${code(name)} | ${code(className)} | ${WORDS[fate]} | ${cell(reason)} |`,
  );
  const findings = blocked.flatMap(({ file, findings: found }) =>
    found.map(
      ({ message, range, rule }) => `- ${code(`${file}:${range.start.line + 1}`)} ${cell(message)} (${rule})`,
    ),
  );
  return [
    `### Durable Objects: ${cell(targetText(plan.open))}`,
    '',
    cell(summaryOf(plan)),
    '',
    ...(rows.length === 0
      ? []
      : ['| name | class | what happens | why |', '| --- | --- | --- | --- |', ...rows, '']),
    ...(sequence.steps.length < 2
      ? []
      : [...sequence.steps.map((step, at) => `${at + 1}. ${cell(plannedText(step))}`), '']),
    ...(refusal === undefined
      ? []
      : [`> [!CAUTION]\n> ${cell(refusal.message)} ${cell(refusal.nextStep)}`, '']),
    ...(findings.length === 0 ? [] : [...findings, '']),
  ].join('\n');
}

/** Names and messages come from files of a pull request: none of it may become Markdown or HTML of its own. */
function cell(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|#~!@]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/\s+/g, ' ')
    .trim();
}

function code(text: string): string {
  return text === '' ? '' : `<code>${cell(text)}</code>`;
}
