/** The right-hand side of a condition: values, lists, patterns and instants, each checked where it stands. */
import { assertPortableRegex } from './regex-subset.ts';
import { quoteShort, TargetError } from './target-error.ts';
import { parseIntervalSeconds, parseTimestampMs } from './time-literal.ts';
import type { TokenCursor } from './token-cursor.ts';
import { type Comparison, type TargetInstant, targetLimits } from './tree.ts';

/**
 * A value to compare a text with. A bare number, TRUE or FALSE stands for its own text where PostgreSQL would ask for
 * quotes, but not in an order: every value is text, and the text 10 comes before the text 9.
 * @throws TargetError
 */
export function parseValue(cursor: TokenCursor, comparison: Comparison): string {
  const { kind, text, offset } = cursor.peek();
  if (kind === 'number' && comparison !== '=' && comparison !== '<>')
    throw new TargetError(
      offset,
      `expected a value in quotes after ${comparison}, got the number ${quoteShort(text)}`,
      "values are compared as text, in which '10' comes before '9'",
    );
  if (kind === 'word' && text === 'null')
    throw new TargetError(offset, 'expected a value, got NULL', 'nothing equals NULL; write IS NULL or IS NOT NULL');
  const isValue = kind === 'string' || kind === 'number' || (kind === 'word' && (text === 'true' || text === 'false'));
  if (!isValue) throw cursor.toError('a value in single quotes');
  cursor.next();
  return text;
}

/** @throws TargetError */
export function parseValues(cursor: TokenCursor): string[] {
  cursor.expectSymbol('(');
  const values = [parseValue(cursor, '=')];
  while (cursor.acceptSymbol(',')) {
    if (values.length === targetLimits.values) throw cursor.toError(`at most ${targetLimits.values} values`);
    values.push(parseValue(cursor, '='));
  }
  if (!cursor.acceptSymbol(')')) throw cursor.toError(', or )');
  return values;
}

/** @throws TargetError */
export function parseLikePattern(cursor: TokenCursor): string {
  const { text, offset } = cursor.expectString('a pattern in single quotes');
  // PostgreSQL fails on such a pattern, though only on the rows that match as far as to its end.
  if ((/\\*$/.exec(text)?.[0].length ?? 0) % 2 === 1)
    throw new TargetError(
      offset,
      'expected a character after the last backslash',
      'a backslash itself is written \\\\',
    );
  return text;
}

/** @throws TargetError */
export function parseRegex(cursor: TokenCursor, caseInsensitive: boolean): string {
  const { text, offset } = cursor.expectString('a regular expression in single quotes');
  assertPortableRegex(text, caseInsensitive, offset);
  return text;
}

/** @throws TargetError */
export function parseInstant(cursor: TokenCursor): TargetInstant {
  if (cursor.acceptWord('now')) {
    cursor.expectSymbol('(');
    cursor.expectSymbol(')');
    if (cursor.acceptSymbol('-')) return { kind: 'now', offsetSeconds: -parseInterval(cursor) || 0 };
    return { kind: 'now', offsetSeconds: cursor.acceptSymbol('+') ? parseInterval(cursor) : 0 };
  }
  // SQL lets the literal name its type; the column's type says the same.
  if (!cursor.acceptWord('timestamptz')) cursor.acceptWord('timestamp');
  const { text, offset } = cursor.expectString('a time', "write NOW() - INTERVAL '1 hour' or '2026-01-31 07:00'");
  const timeMs = parseTimestampMs(text);
  if (timeMs === null)
    throw new TargetError(
      offset,
      `expected a time, got ${quoteShort(text)}`,
      "write '2026-01-31', '2026-01-31 07:00' or '2026-01-31T07:00:00+01:00'; without a zone it is UTC",
    );
  return { kind: 'fixed', timeMs };
}

function parseInterval(cursor: TokenCursor): number {
  cursor.expectWord('interval');
  const { text, offset } = cursor.expectString('a length of time', "write INTERVAL '5 minutes'");
  const seconds = parseIntervalSeconds(text);
  if (seconds === null)
    throw new TargetError(
      offset,
      `expected a length of time, got ${quoteShort(text)}`,
      "write INTERVAL '90 seconds', '5 minutes', '1 day 2 hours' or '2 weeks'; months and years vary in length",
    );
  return seconds;
}
