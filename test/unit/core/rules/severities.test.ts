import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { readRuleSettings, settingsForDeploy } from '../../../../src/core/rules/severities.ts';

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

  test('a deploy heeds none for what the platform refuses', () => {
    assert.deepEqual(settingsForDeploy({ 'extra-export': 'off', 'disallowed-import': 'off' }), {
      'extra-export': 'off',
    });
  });

  test('anything but an object sets nothing', () => {
    for (const value of [undefined, null, 'off', 3, []]) assert.deepEqual(readRuleSettings(value), {});
  });
});
