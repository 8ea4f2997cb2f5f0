/** Patterns of decimal numbers between two bounds. */

export interface NumberRange {
  readonly from: number;
  /** Undefined without an upper bound. */
  readonly to: number | undefined;
}

const digit = (from: number, to: number): string => (from === to ? String(from) : `[${from}-${to}]`);
const digits = (count: number): string => (count === 0 ? '' : count === 1 ? '[0-9]' : `[0-9]{${count}}`);

/** Of two numbers with as many digits. */
function between(from: string, to: string): string[] {
  const [first, last] = [Number(from[0]), Number(to[0])];
  const rest = from.length - 1;
  if (rest === 0) return [digit(first, last)];
  const [low, high] = [from.slice(1), to.slice(1)];
  if (first === last) return between(low, high).map((one) => `${first}${one}`);
  const [isLowest, isHighest] = [/^0*$/.test(low), /^9*$/.test(high)];
  const [wholeFrom, wholeTo] = [isLowest ? first : first + 1, isHighest ? last : last - 1];
  return [
    ...(isLowest ? [] : between(low, '9'.repeat(rest)).map((one) => `${first}${one}`)),
    ...(wholeFrom > wholeTo ? [] : [`${digit(wholeFrom, wholeTo)}${digits(rest)}`]),
    ...(isHighest ? [] : between('0'.repeat(rest), high).map((one) => `${last}${one}`)),
  ];
}

function ofRange({ from, to }: NumberRange): string[] {
  const start = String(from);
  const parts: string[] = [];
  const mostDigits = to === undefined ? start.length : String(to).length;
  for (let length = start.length; length <= mostDigits; length += 1) {
    const low = length === start.length ? start : `1${'0'.repeat(length - 1)}`;
    const high = to !== undefined && length === mostDigits ? String(to) : '9'.repeat(length);
    parts.push(...between(low, high));
  }
  return to === undefined ? [...parts, `[1-9][0-9]{${mostDigits},}`] : parts;
}

/** Undefined when no number is in one of the ranges. Zeros may stand ahead. */
export function toNumberPattern(ranges: readonly NumberRange[]): string | undefined {
  const parts = ranges.filter(({ from, to }) => to === undefined || from <= to).flatMap(ofRange);
  return parts.length === 0 ? undefined : `0*(?:${parts.join('|')})`;
}

const isNumber = /^(?:0|[1-9]\d{0,8})$/;

/** Numbers from 0 that compare so; undefined when the comparison is none. */
export function toRanges(operator: string, value: string): readonly NumberRange[] | undefined {
  if (!isNumber.test(value)) return undefined;
  const number = Number(value);
  switch (operator) {
    case '==':
      return [{ from: number, to: number }];
    case '!=':
      return [
        { from: 0, to: number - 1 },
        { from: number + 1, to: undefined },
      ];
    case '<':
      return [{ from: 0, to: number - 1 }];
    case '<=':
      return [{ from: 0, to: number }];
    case '>':
      return [{ from: number + 1, to: undefined }];
    case '>=':
      return [{ from: number, to: undefined }];
    default:
      return undefined;
  }
}

export function intersect(left: readonly NumberRange[], right: readonly NumberRange[]): readonly NumberRange[] {
  return left.flatMap((one) =>
    right.map((other) => {
      const ends = [one.to, other.to].filter((to) => to !== undefined);
      return { from: Math.max(one.from, other.from), to: ends.length === 0 ? undefined : Math.min(...ends) };
    }),
  );
}
