/** Comparisons of a value by its type: `>= 4`, `= root`, `~ ^/srv/`. */
import { parseSizeBytes } from '../../kit/amount.ts';
import { accepts, type OrderOperator } from '../../kit/versions/order.ts';
import { compareSegments } from '../../kit/versions/segments.ts';

export const comparedTypes = ['number', 'size', 'version', 'text'] as const;
export type ComparedType = (typeof comparedTypes)[number];

const operators: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>=', '~', '!~'];
type Operator = OrderOperator | '~' | '!~';

export interface Comparison {
  readonly operator: Operator;
  readonly value: string;
}

function toQuantity(type: ComparedType, text: string): number | undefined {
  if (type === 'size') return parseSizeBytes(text);
  return type === 'number' && /^-?\d{1,15}(?:\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

function isOrdering(operator: Operator): boolean {
  return operator.startsWith('<') || operator.startsWith('>');
}

/** Undefined when the text is none, or none for that type. */
export function parseComparison(text: string, type: ComparedType): Comparison | undefined {
  const [, sign, value = ''] = /^\s*(!?[=~]|[<>]=?)\s*(\S(?:.*\S)?)\s*$/.exec(text) ?? [];
  const operator = operators.find((one) => one === sign);
  if (operator === undefined || value === '') return undefined;
  if (operator.endsWith('~')) return type === 'text' ? { operator, value } : undefined;
  if (type === 'text' && isOrdering(operator)) return undefined;
  if ((type === 'number' || type === 'size') && toQuantity(type, value) === undefined) return undefined;
  return { operator, value };
}

/** Negative when the left one is smaller; undefined when it is no value of the type. */
function orderOf(type: ComparedType, left: string, right: string): number | undefined {
  if (type === 'version') return compareSegments(left, right);
  if (type === 'text') return left === right ? 0 : 1;
  const [a, b] = [toQuantity(type, left), toQuantity(type, right)];
  return a === undefined || b === undefined ? undefined : a - b;
}

/**
 * @param matches of the pattern behind `~` and `!~`.
 * @param ownOrder of the value beside a text, where what was found has one of its own.
 * @returns undefined when the text is no value of the type.
 */
export function holds(
  { operator, value }: Comparison,
  type: ComparedType,
  text: string,
  matches: (text: string) => boolean,
  ownOrder: (text: string) => number | undefined = () => undefined,
): boolean | undefined {
  if (operator === '~' || operator === '!~') return matches(text) === (operator === '~');
  const order = (type === 'version' ? ownOrder(value) : undefined) ?? orderOf(type, text, value);
  if (order === undefined) return undefined;
  return accepts[operator](order);
}
