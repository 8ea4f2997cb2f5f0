/** Whether a condition can be answered by a key space, said before a question is signed. */
import { describePatternError } from '../../kit/pattern.ts';
import type { KeySpace, ValueType } from '../key-space.ts';
import { isOrdered, isQuantity } from './compare.ts';
import { type Condition, parseCondition, type Test } from './condition.ts';

const examples: Readonly<Record<string, string>> = { number: '10', size: '512m', time: '5min', version: '6.1.0-18' };

/** Each multiplies the time to compare a name. */
const mostStars = 8;

interface SplitKey {
  readonly prefix: string;
  readonly name: string;
}

/** `sysctl` and `net.ipv4.ip_forward`; of a key with circumstances `sshd` and `[user=root]:PermitRootLogin`. */
function splitKey(key: string): SplitKey {
  const [, bare = '', circumstances] = /^([a-z]+)((?:\[[^\]]*\]|\([^)]*\)):[\s\S]*)$/.exec(key) ?? [];
  if (circumstances !== undefined) return { prefix: bare, name: circumstances };
  const colon = key.indexOf(':');
  return colon < 0 ? { prefix: '', name: key } : { prefix: key.slice(0, colon), name: key.slice(colon + 1) };
}

/** The key that `splitKey` splits. */
export function joinKey({ prefix, name }: SplitKey): string {
  return /^[[(]/.test(name) ? `${prefix}${name}` : `${prefix}:${name}`;
}

function checkOperator(type: ValueType, test: Test): string | null {
  if (test.kind !== 'compare') return null;
  const { operator, values } = test;
  const [value = ''] = values;
  if (operator.endsWith('~')) return describePatternError(value) ?? null;
  if (!/[<>]/.test(operator)) return null;
  if (!isOrdered(type)) return `expected another operator than ${operator}: values of this key are not ordered`;
  return isQuantity(type, value)
    ? null
    : `expected a ${type} such as ${examples[type]} behind ${operator}, got ${JSON.stringify(value)}`;
}

function checkWithin(space: KeySpace, name: string, test: Test): string | null {
  if (name.split('*').length - 1 > mostStars) return `expected at most ${mostStars} stars in a key`;
  const problem = space.checkKey(name);
  if (problem !== null) return problem;
  if (test.kind === 'value' && space.discloses === 'verdicts')
    return `expected an operator behind the key: of ${space.prefix}: it is only told whether a condition holds`;
  return checkOperator(space.typeOf(name), test);
}

/** The key space of a condition, and what it asks there. */
export interface PlacedCondition {
  readonly condition: Condition;
  readonly space: KeySpace;
  /** The key without its prefix. */
  readonly name: string;
}

/** A text says what is wrong. */
export function placeCondition(text: string, spaces: readonly KeySpace[]): PlacedCondition | string {
  const parsed = parseCondition(text);
  if (parsed.kind === 'problem') return parsed.message;
  const { condition } = parsed;
  const { prefix, name } = splitKey(condition.key);
  const space = spaces.find((one) => one.prefix === prefix);
  if (space === undefined) {
    const known = spaces.map((one) => `${one.prefix}:`).join(' ');
    return `expected a key that begins with one of ${known}, got ${JSON.stringify(condition.key)}`;
  }
  const problem = checkWithin(space, name, condition.test);
  return problem === null ? { condition, space, name } : `${problem} in ${JSON.stringify(text.slice(0, 200))}`;
}
