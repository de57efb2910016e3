import { ruleInfo } from '../core/rules/catalogue.ts';
import { isRuleSetting, RULE_SETTINGS, type RuleSettings } from '../core/rules/severities.ts';
import { usageError } from './usageError.ts';

/** The rule and its severity in `--rule ID=SEVERITY`. @throws DoError `USAGE` */
export function readRule(text: string, command: string): [string, RuleSettings[string]] {
  const at = text.indexOf('=');
  const [id, setting] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (at < 0 || !isRuleSetting(setting)) {
    const message = `--rule takes a rule and ${RULE_SETTINGS.join(', ')}, as in a-rule=off; not "${text}".`;
    throw usageError(message, command);
  }
  if (ruleInfo(id) === undefined) throw usageError(`There is no rule "${id}".`, command);
  return [id, setting];
}
