import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FoundValue, ValueType } from '../key-space.ts';
import { parseCondition } from './condition.ts';
import { judge, type Verdict } from './verdict.ts';

function verdictOf(type: ValueType, now: FoundValue, test: string, boot: FoundValue = now): Verdict {
  const parsed = parseCondition(`k ${test}`);
  assert.equal(parsed.kind, 'condition', test);
  return parsed.kind === 'condition' ? judge(type, { test: parsed.condition.test }, { now, boot }, 'now') : 'unknown';
}

const set = (value: string | readonly string[]): FoundValue => ({ state: 'set', value });
const unset: FoundValue = { state: 'unset' };
const unreadable: FoundValue = { state: 'unreadable', reason: 'no-permission' };
const notApplicable: FoundValue = { state: 'not-applicable' };

describe('a condition on a value', () => {
  for (const [type, value, test, verdict] of [
    ['number', '10', '> 9', 'yes'],
    ['number', '010', '= 10', 'yes'],
    ['number', '18446744073692774399', '= 18446744073692774400', 'no'],
    ['number', '18446744073692774399', '< 18446744073692774400', 'yes'],
    ['number', '0x10', '= 16', 'yes'],
    ['number', '-1', '< 0', 'yes'],
    ['number', '1.5', '<= 1.5', 'yes'],
    ['number', '4096  131072', '= 4096 131072', 'yes'],
    ['number', 'text', '< 5', 'unknown'],
    ['number', 'text', '!= 5', 'yes'],
    ['number', '1', 'in 0, 1', 'yes'],
    ['number', '2', '!in 0, 1', 'yes'],
    ['size', '512M', '= 536870912', 'yes'],
    ['size', '1 GiB', '> 1023m', 'yes'],
    ['size', 'infinity', '> 1', 'unknown'],
    ['time', '5min', '= 300', 'yes'],
    ['time', '1h 30min', '> 89min', 'yes'],
    ['time', '100ms', '< 1s', 'yes'],
    ['time', '2M', '> 2m', 'yes'],
    ['version', '6.1.0-17-amd64', '< 6.1.0-18', 'yes'],
    ['version', '6.10', '> 6.9', 'yes'],
    ['version', '1.0~rc1', '< 1.0', 'yes'],
    ['boolean', 'yes', '= on', 'yes'],
    ['boolean', 'disabled', '!= 1', 'yes'],
    ['boolean', 'maybe', '= yes', 'no'],
    ['text', '10', '= 10.0', 'no'],
    ['list', ['nodev', 'noexec'], '= nodev', 'yes'],
    ['list', ['nodev', 'noexec'], '!= nosuid', 'yes'],
    ['list', ['nodev', 'noexec'], '!= nodev', 'no'],
    ['list', [], 'set', 'yes'],
  ] as const)
    it(`${type} ${JSON.stringify(value)} ${test}: ${verdict}`, () =>
      assert.equal(verdictOf(type, set(value), test), verdict));
});

describe('without a value', () => {
  for (const [found, test, verdict] of [
    [unset, '= 1', 'no'],
    [unset, '!= 1', 'yes'],
    [unset, '!in 1', 'yes'],
    [unset, '< 1', 'no'],
    [unset, 'set', 'no'],
    [unset, 'unset', 'yes'],
    [unset, '', 'yes'],
    [unreadable, 'unset', 'unknown'],
    [unreadable, '!= 1', 'unknown'],
    [notApplicable, 'unset', 'inapplicable'],
    [notApplicable, '= 1', 'inapplicable'],
  ] as const)
    it(`${found.state} ${test}: ${verdict}`, () => assert.equal(verdictOf('text', found, test), verdict));
});

describe('now!=boot', () => {
  const defaulted: FoundValue = { state: 'unset', hasDefault: true };
  for (const [now, boot, verdict] of [
    [set('1'), set('01'), 'no'],
    [set('1'), set('2'), 'yes'],
    [set('1'), unset, 'yes'],
    [set('1'), defaulted, 'unknown'],
    [unset, defaulted, 'no'],
    [set('1'), unreadable, 'unknown'],
    [set('1'), notApplicable, 'inapplicable'],
    [set(['a', 'b']), set(['b', 'a']), 'no'],
    [set(['a', 'b']), set(['a']), 'yes'],
  ] as const)
    it(`${JSON.stringify(now)} ${JSON.stringify(boot)}: ${verdict}`, () =>
      assert.equal(verdictOf('number', now, 'now!=boot', boot), verdict));
});
