import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { readRuleSettings } from '../../../../src/core/rules/severities.ts';

suite('rule settings by hand', () => {
  test('what names no rule or no severity is left out', () => {
    const value = {
      'extra-export': 'warning',
      'no-such-rule': 'off',
      'borrowed-name': 'fatal',
      toString: 'off',
    };
    assert.deepEqual(readRuleSettings(value), { 'extra-export': 'warning' });
  });

  test('anything but an object sets nothing', () => {
    for (const value of [undefined, null, 'off', 3, []]) assert.deepEqual(readRuleSettings(value), {});
  });
});
