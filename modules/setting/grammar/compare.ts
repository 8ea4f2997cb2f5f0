/** Compares a value with that of a condition, by the type of the key. */
import { compareSegments } from '../../kit/versions/segments.ts';
import type { ValueType } from '../key-space.ts';
import { toBoolean, toBytes, toNumber, toSeconds } from './amounts.ts';

/** Blanks between the numbers of one setting may be any. */
function toWords(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

function isSameText(left: string, right: string): boolean {
  return toWords(left) === toWords(right);
}

/** The quantity that a text of this type stands for; undefined for other text, and for types without quantities. */
function toQuantity(type: ValueType, text: string): bigint | number | undefined {
  switch (type) {
    case 'number':
      return toNumber(text);
    case 'size':
      return toBytes(text);
    case 'time':
      return toSeconds(text);
    default:
      return undefined;
  }
}

/** Whether values of the type are smaller or larger than others. */
export function isOrdered(type: ValueType): boolean {
  return type === 'number' || type === 'size' || type === 'time' || type === 'version';
}

/** Whether a value may stand behind an operator that orders. */
export function isQuantity(type: ValueType, text: string): boolean {
  return type === 'version' ? /\d/.test(text) : toQuantity(type, text) !== undefined;
}

/** Negative when the left one is smaller; undefined when one of them is no quantity. */
export function orderOf(type: ValueType, left: string, right: string): number | undefined {
  if (type === 'version') return compareSegments(left, right);
  const [a, b] = [toQuantity(type, left), toQuantity(type, right)];
  if (a === undefined || b === undefined) return undefined;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Values that are no quantities are equal as text. */
export function isEqual(type: ValueType, left: string, right: string): boolean {
  if (type === 'boolean') {
    const [a, b] = [toBoolean(left), toBoolean(right)];
    return a === undefined || b === undefined ? isSameText(left, right) : a === b;
  }
  const order = isOrdered(type) ? orderOf(type, left, right) : undefined;
  return order === undefined ? isSameText(left, right) : order === 0;
}
