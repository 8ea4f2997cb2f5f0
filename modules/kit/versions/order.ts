/** Parts that the orders of versions, and what compares by them, share. */

/** Negative when the left version is older, positive when it is newer, 0 when they are equal. */
export type Order = (left: string, right: string) => number;

/** Undefined when one of them is no version of this kind. */
export type PartialOrder = (left: string, right: string) => number | undefined;

/** Decimal numbers of any length; the empty text is 0. */
export function compareNumbers(left: string, right: string): number {
  const [a, b] = [left.replace(/^0+/, ''), right.replace(/^0+/, '')];
  return a.length - b.length || compareTexts(a, b);
}

/** By code unit. */
export function compareTexts(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

export type OrderOperator = '<' | '<=' | '=' | '!=' | '>=' | '>';

/** Whether a value of this order beside another one fits the operator between them. */
export const accepts: Readonly<Record<OrderOperator, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '>=': (order) => order >= 0,
  '>': (order) => order > 0,
};
