/** The kinds of columns with several values in one row, such as the groups of an account. */
import * as z from 'zod';
import { contradictPatterns, severalTexts, toWritten } from '../contradictions.ts';
import { choices, regexes } from '../fields.ts';
import { splitNegation } from '../pattern.ts';
import type { CellValue, Kind } from './kinds.ts';

/** Separated by blanks, unless there are blanks in them. */
function toText(cell: CellValue): string {
  const list = typeof cell === 'object' ? cell : [String(cell)];
  return list.join(list.some((one) => one.includes(' ')) ? '; ' : ' ');
}

/** Texts of the system. Each pattern must match one of them; a pattern with a leading `!` none. */
export const texts: Kind<readonly string[]> = {
  column: 'list',
  value: z.array(z.string()).readonly(),
  syntax: 'A regex that one of them matches; !regex: that none matches.',
  example: '^ssh$',
  toText,
  toField: (said) => regexes({ ...said, most: 256, negates: true, advice: 'text' }),
  contradict: (field, written) => contradictPatterns(field, toWritten(written), severalTexts),
  compile: (written, compilePattern) => {
    const tests = written.map((text) => {
      const { negated, pattern } = splitNegation(text);
      const matches = compilePattern(pattern);
      return (list: readonly string[]) => list.some((one) => matches(Buffer.from(one))) !== negated;
    });
    return (cell) => {
      const list = typeof cell === 'object' ? cell : [];
      return tests.every((test) => test(list));
    };
  },
};

/** Absolute paths: a row is reported only if the question may learn of each. */
export const paths: Kind<readonly string[]> = { ...texts, column: 'path', example: '^/etc/' };

/** Some of a few words. */
export function words<const Words extends readonly [string, ...string[]]>(of: Words): Kind<readonly Words[number][]> {
  return {
    column: 'list',
    value: z.array(z.enum(of)).readonly(),
    syntax: `Any of ${of.join(', ')}.`,
    example: of[0],
    toField: (said) => choices({ ...said, value: of.join('|'), of }),
    compile: (written) => (cell) => typeof cell === 'object' && cell.some((word) => written.includes(word)),
  };
}
