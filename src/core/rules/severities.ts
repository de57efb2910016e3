import { isRefusal, ruleInfo } from './catalogue.ts';
import type { Finding, Severity } from './finding.ts';

/** What a person may set for a rule. */
export const RULE_SETTINGS = ['off', 'error', 'warning', 'information'] as const satisfies readonly (
  'off' | Severity
)[];

export type RuleSetting = (typeof RULE_SETTINGS)[number];

/** Settings by rule id; a rule that is not in it keeps its own severity. */
export type RuleSettings = Readonly<Record<string, RuleSetting>>;

export function isRuleSetting(value: unknown): value is RuleSetting {
  return (RULE_SETTINGS as readonly unknown[]).includes(value);
}

/** What of a hand-written value names a rule and a severity; the rest is left out. */
export function readRuleSettings(value: unknown): RuleSettings {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, RuleSetting] => ruleInfo(entry[0]) !== undefined && isRuleSetting(entry[1]),
    ),
  );
}

/** The findings with the severities that were set, without those of rules that are off. */
export function withSettings(findings: readonly Finding[], settings: RuleSettings): Finding[] {
  return findings.flatMap((finding) => {
    const setting = Object.hasOwn(settings, finding.rule) ? settings[finding.rule] : undefined;
    if (setting === 'off') return [];
    return setting === undefined || setting === finding.severity
      ? [finding]
      : [{ ...finding, severity: setting }];
  });
}

/** The settings without those for what the platform refuses: a deploy is judged as the platform judges it. */
export function settingsForDeploy(settings: RuleSettings): RuleSettings {
  return Object.fromEntries(Object.entries(settings).filter(([id]) => !isRefusal(id)));
}
