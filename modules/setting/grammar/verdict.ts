/** Whether a condition holds for what was found. */
import type { FoundValue, SettingValue, ValueType } from '../key-space.ts';
import { isEqual, orderOf } from './compare.ts';
import type { Operator, Test } from './condition.ts';

/** `unknown`: it cannot be told. `inapplicable`: the machine has nothing that the setting could apply to. */
export type Verdict = 'yes' | 'no' | 'unknown' | 'inapplicable';

/** The values that a condition is about. */
export type When = 'now' | 'boot' | 'both';

/** Weakest first: a conjunction is as its weakest part. */
const weakest: readonly Verdict[] = ['no', 'inapplicable', 'unknown', 'yes'];

export function both(left: Verdict, right: Verdict): Verdict {
  return weakest.find((one) => one === left || one === right) ?? 'yes';
}

/** `yes` when one of them is; no keys are no. */
export function anyOf(verdicts: readonly Verdict[]): Verdict {
  const strongest: readonly Verdict[] = ['yes', 'unknown', 'no', 'inapplicable'];
  return strongest.find((one) => verdicts.includes(one)) ?? 'no';
}

type Matches = (text: string) => boolean;

export interface CompiledTest {
  readonly test: Test;
  /** For `~` and `!~`. */
  readonly matches?: Matches;
}

/** A list as several values. */
function toValues(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

/** Undefined when it cannot be told. */
function fits(
  type: ValueType,
  operator: Operator,
  wanted: readonly string[],
  found: string,
  matches?: Matches,
): boolean | undefined {
  const [first = ''] = wanted;
  switch (operator) {
    case '=':
    case '!=':
    case 'in':
    case '!in':
      return wanted.some((one) => isEqual(type, found, one));
    case '~':
    case '!~':
      return matches?.(found);
    default: {
      const order = orderOf(type, found, first);
      if (order === undefined) return undefined;
      return order === 0 ? operator.endsWith('=') : order < 0 === operator.startsWith('<');
    }
  }
}

function compareValue(
  type: ValueType,
  { test, matches }: CompiledTest,
  found: FoundValue & { readonly state: 'set' },
): Verdict {
  if (test.kind !== 'compare') return test.kind === 'unset' ? 'no' : 'yes';
  const each = toValues(found.value).map((value) => fits(type, test.operator, test.values, value, matches));
  const isUnsure = found.mayHaveMore === true || each.includes(undefined);
  const isOne = each.includes(true) ? true : isUnsure ? undefined : false;
  if (isOne === undefined) return 'unknown';
  return isOne === test.operator.startsWith('!') ? 'no' : 'yes';
}

function judgeOne(type: ValueType, compiled: CompiledTest, found: FoundValue): Verdict {
  const { test } = compiled;
  switch (found.state) {
    case 'unreadable':
      return 'unknown';
    case 'not-applicable':
      return 'inapplicable';
    case 'depends': {
      const [first = 'unknown', ...others] = found.on.map((one) => judgeOne(type, compiled, one.found));
      return others.every((other) => other === first) ? first : 'unknown';
    }
    case 'unset':
      if (test.kind === 'compare' && found.hasDefault === true) return 'unknown';
      // What has no value has another one than any.
      if (test.kind === 'compare') return test.operator.startsWith('!') ? 'yes' : 'no';
      return test.kind === 'set' ? 'no' : 'yes';
    case 'set':
      return compareValue(type, compiled, found);
  }
}

/** Null when it cannot be told: a default may be any value. */
function isSame(type: ValueType, { now, boot, differs }: SettingValue): boolean | null {
  if (differs !== undefined) return differs === null ? null : !differs;
  if (now.state !== 'set' || boot.state !== 'set') {
    if (now.state === boot.state) return true;
    return [now, boot].some((found) => found.state === 'unset' && found.hasDefault === true) ? null : false;
  }
  const [left, right] = [toValues(now.value), toValues(boot.value)];
  if (left.length !== right.length) return false;
  return left.every((value) => right.some((other) => isEqual(type, value, other)));
}

/** Whether the value now is another one than after a reboot. */
function judgeChange(type: ValueType, value: SettingValue): Verdict {
  const isKnown: CompiledTest = { test: { kind: 'value' } };
  const known = both(judgeOne(type, isKnown, value.now), judgeOne(type, isKnown, value.boot));
  if (known !== 'yes') return known;
  const same = isSame(type, value);
  return same === null ? 'unknown' : same ? 'no' : 'yes';
}

export function judge(type: ValueType, compiled: CompiledTest, value: SettingValue, when: When): Verdict {
  if (compiled.test.kind === 'now!=boot') return judgeChange(type, value);
  if (when === 'now') return judgeOne(type, compiled, value.now);
  const boot = judgeOne(type, compiled, value.boot);
  return when === 'boot' ? boot : both(judgeOne(type, compiled, value.now), boot);
}
