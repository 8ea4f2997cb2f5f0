/** The kinds of columns: row values, filters and printing. */
import * as z from 'zod';
import type { CompiledPattern } from '../../../native/index.ts';
import { parseSeconds, parseSizeBytes, toSecondsText } from '../amount.ts';
import type { ColumnKind } from '../column.ts';
import { contradictPatterns, findEmptyRange, oneText, toWritten } from '../contradictions.ts';
import type { Disclosure, Field } from '../field.ts';
import { choices, regexes, values } from '../fields.ts';
import { toGoTime } from '../go-text.ts';
import { splitNegation } from '../pattern.ts';
import { type Interval, parseInterval, parseNumber, parseTimeInterval, toSpan } from './interval.ts';
import { addressForm, compileAddresses, compilePatterns, withExclusions } from './lookup.ts';

/** The value of a row in one column; a list when the thing has several. */
export type CellValue = string | number | readonly string[];

/** Whether a row matches, by its value in the column; undefined when it has none. */
type CellTest = (cell: CellValue | undefined) => boolean;

export type CompilePattern = (pattern: string) => CompiledPattern;

/** The declaration of a filter. */
interface Said {
  readonly flag: string;
  readonly help: string;
  readonly example: string;
  readonly discloses: Disclosure;
}

/** A filter with any number of texts. */
export type FilterField = Field<z.ZodType<readonly string[] | undefined>>;

export interface Kind<Value extends CellValue = CellValue> {
  readonly column: ColumnKind;
  /** Of a number: `bytes`. */
  readonly unit?: string;
  readonly value: z.ZodType<Value>;
  /** Added to the column's help: the syntax of its filter. */
  readonly syntax: string;
  /** An example value of the filter. */
  readonly example: string;
  readonly toField: (said: Said) => FilterField;
  /** @throws CodedError `bad-pattern` */
  readonly compile: (texts: readonly string[], compilePattern: CompilePattern) => CellTest;
  /** Why no value can fit all these texts; empty when one can. */
  readonly contradict?: (field: string, texts: readonly string[]) => readonly string[];
  /** Its text in the printed line, if not the value itself. */
  readonly toText?: (value: CellValue) => string;
}

/** RE2 patterns: all must match; a pattern with a leading `!` must not. */
function textKind(column: 'text' | 'path', example: string): Kind<string> {
  return {
    column,
    value: z.string(),
    syntax: 'A regex that matches; !regex: that does not.',
    example,
    toField: (said) => regexes({ ...said, most: 256, negates: true, advice: 'text' }),
    contradict: (field, texts) => contradictPatterns(field, toWritten(texts), oneText),
    compile: (texts, compilePattern) => {
      const split = texts.map(splitNegation);
      const patternsOf = (isMeant: boolean): string[] =>
        split.filter(({ negated }) => negated === isMeant).map(({ pattern }) => pattern);
      const [wanted, unwanted] = [patternsOf(false), patternsOf(true)];
      const findWanted = compilePatterns(wanted, compilePattern);
      const findUnwanted = compilePatterns(unwanted, compilePattern);
      return (cell = '') =>
        findWanted(String(cell)).length === wanted.length && findUnwanted(String(cell)).length === 0;
    },
  };
}

/** One of the exact values must match, and all bounds. */
function toIntervalTest(intervals: readonly Interval[]): CellTest {
  const exact = intervals.filter(({ isExact }) => isExact);
  const bounds = intervals.filter(({ isExact }) => !isExact);
  return (cell) => {
    if (typeof cell !== 'number') return false;
    const isIn = ({ from, to }: Interval): boolean => cell >= from && cell <= to;
    return bounds.every(isIn) && (exact.length === 0 || exact.some(isIn));
  };
}

function intervalKind(
  field: 'number' | 'size' | 'age' | 'time',
  expected: string,
  parse: (text: string) => Interval | undefined,
  kind: Pick<Kind, 'column' | 'syntax' | 'example' | 'unit' | 'toText'>,
): Kind<number> {
  return {
    ...kind,
    value: z.number(),
    toField: (said) =>
      values(field, { ...said, isValid: (text) => parse(text) !== undefined, expected, mostCharacters: 64 }),
    compile: (texts) => toIntervalTest(texts.flatMap((text) => parse(text) ?? [])),
    contradict: (name, texts) =>
      findEmptyRange(
        name,
        texts.flatMap((text) => {
          const interval = parse(text);
          return interval === undefined ? [] : [{ ...interval, text }];
        }),
      ),
  };
}

/**
 * Text of the system. Bytes that are not UTF-8 are `\xHH`, a backslash is `\\`, as the native `escapeBytes` returns it.
 */
export const text = textKind('text', 'ssh');

/** An absolute path: a row is reported only if the question may learn of the path. */
export const path = textKind('path', '^/opt/');

export const number = intervalKind(
  'number',
  'a number or a range such as 4, <4, >4 or 4..8',
  (written) => parseInterval(written, (one) => toSpan(parseNumber(one))),
  { column: 'number', syntax: 'A number or a range: 4, <4, >4, 4..8.', example: '>4' },
);

/** Bytes. */
export const size = intervalKind(
  'size',
  'a size or a range such as 12345, <10m, >1g or 1m..2m',
  (written) => parseInterval(written, (one) => toSpan(parseSizeBytes(one))),
  {
    column: 'number',
    unit: 'bytes',
    syntax: 'A size or a range: 12345, <10m, >1g, 1m..2m; k m g t for powers of 1024.',
    example: '<10m',
  },
);

/** A time span in seconds. */
export const age = intervalKind(
  'age',
  'a time span such as <90d, >5h or 1d..7d (s m h d w)',
  (written) => parseInterval(written, (one) => toSpan(parseSeconds(one))),
  {
    column: 'number',
    unit: 'seconds',
    syntax: 'A time span: <90d, >5h, 1d..7d; s m h d w, m for minutes.',
    example: '>5h',
    toText: (seconds) => toSecondsText(Number(seconds)),
  },
);

/** Milliseconds since 1970. */
export const time = intervalKind(
  'time',
  'a time such as <7d, >7d, 2026-01-31 or 2026-01-31..2026-02-02T07:00',
  (written) => parseTimeInterval(written, Date.now()),
  {
    column: 'time',
    syntax:
      'Within the last seven days: <7d; before: >7d; or a day, or from..to: 2026-01-31, 2026-01-31..2026-02-02T07:00, in UTC.',
    example: '<7d',
    toText: (timeMs) => toGoTime(Math.floor(Number(timeMs) / 1000), 0),
  },
);

/** One of a few words. */
export function choice<const Words extends readonly [string, ...string[]]>(of: Words): Kind<Words[number]> {
  return {
    column: 'choice',
    value: z.enum(of),
    syntax: `One of ${of.join(', ')}.`,
    example: of[0],
    toField: (said) => choices({ ...said, value: of.join('|'), of }),
    compile: (texts) => (cell) => cell !== undefined && texts.includes(String(cell)),
  };
}

/** An IPv4 or IPv6 address. */
export const address: Kind<string> = {
  column: 'text',
  value: z.string(),
  syntax: 'An address, a range such as 10.0.0.0/8, or public; what ! is in front of is left out.',
  example: '10.0.0.0/8',
  toField: (said) =>
    values('address', {
      ...said,
      ...addressForm,
      isValid: (written) => addressForm.isValid(splitNegation(written).pattern),
      mostCharacters: 128,
    }),
  compile: (texts) => {
    const find = withExclusions(texts, compileAddresses);
    return (cell) => typeof cell === 'string' && find(cell).length > 0;
  },
};
