/** One condition after its column's name: what may follow a text column, and what may follow a time. */
import type { ColumnName } from './columns.ts';
import { parseInstant, parseLikePattern, parseRegex, parseValue, parseValues } from './operand.ts';
import { quoteShort, TargetError } from './target-error.ts';
import type { TokenCursor } from './token-cursor.ts';
import type { Comparison, TargetNode, TextColumn, TimeColumn } from './tree.ts';

type TextColumnStart = Exclude<ColumnName, { readonly kind: 'time' }>;

/** SQL's spellings; != is <>. */
const comparisonSymbols: ReadonlyMap<string, Comparison> = new Map([
  ['=', '='],
  ['<>', '<>'],
  ['!=', '<>'],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);

const regexOperators = new Map([
  ['~', { caseInsensitive: false, negated: false }],
  ['~*', { caseInsensitive: true, negated: false }],
  ['!~', { caseInsensitive: false, negated: true }],
  ['!~*', { caseInsensitive: true, negated: true }],
]);

/** @throws TargetError */
export function parseTextCondition(cursor: TokenCursor, start: TextColumnStart): TargetNode {
  const column = parseTextColumn(cursor, start);
  const comparison = acceptComparison(cursor);
  if (comparison !== null) return toComparison(column, comparison, parseValue(cursor, comparison));
  const regex = acceptSymbolOf(cursor, regexOperators);
  if (regex !== undefined) {
    const { caseInsensitive, negated } = regex;
    return negateIf(negated, { kind: 'regex', column, pattern: parseRegex(cursor, caseInsensitive), caseInsensitive });
  }
  if (cursor.acceptWord('is')) return parseIsNull(cursor, column);
  const negated = cursor.acceptWord('not');
  return negateIf(negated, parseWordCondition(cursor, column, negated));
}

function parseWordCondition(cursor: TokenCursor, column: TextColumn, negated: boolean): TargetNode {
  if (cursor.acceptWord('like'))
    return { kind: 'like', column, pattern: parseLikePattern(cursor), caseInsensitive: false };
  if (cursor.acceptWord('ilike'))
    return { kind: 'like', column, pattern: parseLikePattern(cursor), caseInsensitive: true };
  if (cursor.acceptWord('in')) return { kind: 'in', column, values: toNames(column, parseValues(cursor)) };
  if (cursor.acceptWord('between'))
    return parseBetween(cursor, (comparison) => ({
      kind: 'compare',
      column,
      comparison,
      value: parseValue(cursor, comparison),
    }));
  throw negated
    ? cursor.toError('LIKE, ILIKE, IN or BETWEEN after NOT')
    : cursor.toError(
        'an operator',
        'operators are = <> < <= > >= ~ ~* !~ !~*, [NOT] LIKE, ILIKE, IN, BETWEEN and IS NULL',
      );
}

/** @throws TargetError */
export function parseTimeCondition(cursor: TokenCursor, column: TimeColumn): TargetNode {
  const comparison = acceptComparison(cursor);
  if (comparison !== null) return { kind: 'compare-time', column, comparison, instant: parseInstant(cursor) };
  if (cursor.acceptWord('is')) return parseIsNull(cursor, column);
  const negated = cursor.acceptWord('not');
  if (!cursor.acceptWord('between'))
    throw cursor.toError(
      negated ? 'BETWEEN after NOT' : 'a comparison, BETWEEN or IS NULL',
      `${column.name} is a time: ${column.name} > NOW() - INTERVAL '1 hour'`,
    );
  return negateIf(
    negated,
    parseBetween(cursor, (between) => ({
      kind: 'compare-time',
      column,
      comparison: between,
      instant: parseInstant(cursor),
    })),
  );
}

/** BETWEEN is by SQL's own definition >= AND <=. */
function parseBetween(cursor: TokenCursor, parseBound: (comparison: Comparison) => TargetNode): TargetNode {
  const low = parseBound('>=');
  cursor.expectWord('and');
  return { kind: 'and', terms: [low, parseBound('<=')] };
}

function parseIsNull(cursor: TokenCursor, column: TextColumn | TimeColumn): TargetNode {
  const negated = cursor.acceptWord('not');
  cursor.expectWord('null');
  return negateIf(negated, { kind: 'is-null', column });
}

/** Names of one processor: Go's, which the original told, the kernel's, and Node's, which agents tell. */
const processors: readonly (readonly string[])[] = [
  ['x64', 'amd64', 'x86_64'],
  ['ia32', '386', 'i386', 'i686', 'x86'],
  ['arm64', 'aarch64'],
];

/** The values, each under all of its names. */
function toNames(column: TextColumn, values: readonly string[]): readonly string[] {
  if (column.kind !== 'json' || column.name !== 'environment' || column.key !== 'arch') return values;
  return [...new Set(values.flatMap((value) => processors.find((names) => names.includes(value)) ?? [value]))];
}

function toComparison(column: TextColumn, comparison: Comparison, value: string): TargetNode {
  const values = toNames(column, [value]);
  const isEquality = comparison === '=' || comparison === '<>';
  if (values.length === 1 || !isEquality) return { kind: 'compare', column, comparison, value };
  return negateIf(comparison === '<>', { kind: 'in', column, values });
}

/** `{operator}` of PostgreSQL's path operator; undefined for a path of several keys. */
function toKey(path: string): string | undefined {
  const [, plain, quoted] = /^\{\s*(?:([^{}",\\\s]+)|"([^"\\]+)")\s*\}$/.exec(path) ?? [];
  return plain ?? quoted;
}

function parseTextColumn(cursor: TokenCursor, start: TextColumnStart): TextColumn {
  if (start.kind === 'text') return start;
  const hint = `${start.name} is asked by key: ${start.name}->>'${start.name === 'tags' ? 'team' : 'os'}'`;
  if (cursor.acceptSymbol('#>>')) {
    const { text, offset } = cursor.expectString("a key such as '{team}'", hint);
    const key = toKey(text);
    if (key === undefined) throw new TargetError(offset, `expected one key in braces, got ${quoteShort(text)}`, hint);
    return { ...start, key };
  }
  if (!cursor.acceptSymbol('->>')) throw cursor.toError('->>', hint);
  return { ...start, key: cursor.expectString('a key in quotes', hint).text };
}

function acceptComparison(cursor: TokenCursor): Comparison | null {
  return acceptSymbolOf(cursor, comparisonSymbols) ?? null;
}

function acceptSymbolOf<Value>(cursor: TokenCursor, values: ReadonlyMap<string, Value>): Value | undefined {
  const { kind, text } = cursor.peek();
  const value = kind === 'symbol' ? values.get(text) : undefined;
  if (value !== undefined) cursor.next();
  return value;
}

/** NOT LIKE, NOT IN and their like are null where the column is, exactly as NOT of the plain condition. */
function negateIf(negated: boolean, term: TargetNode): TargetNode {
  return negated ? { kind: 'not', term } : term;
}
