/** Makes the rows of the answer from the counts of one search in one source. */
import { toText } from '../kit/files/latin1-text.ts';
import { addSpan, emptySpan, type Span } from './count/span.ts';
import type { Tally } from './count/tally.ts';
import { unfit } from './count/value-judge.ts';
import type { LogElement } from './element.ts';
import type { LogSource } from './question/sources.ts';
import type { ValueKind } from './question/value-kind.ts';
import type { Sign } from './signs/signs.ts';

interface RowChoice {
  readonly top: number;
  readonly mincount: number;
  /** Whether only accounts of this machine are listed. */
  readonly accounts: boolean;
}

type Counted = Pick<Tally, 'all' | 'values' | 'beyond'>;

function toTimes({ count, firstMs, lastMs }: Readonly<Span>): Pick<LogElement, 'count' | 'first' | 'last'> {
  return {
    count,
    ...(firstMs === null ? {} : { first: firstMs }),
    ...(lastMs === null ? {} : { last: lastMs }),
  };
}

/** The most frequent first; equal ones by their text. */
function compare([oneName, one]: readonly [string, Span], [otherName, other]: readonly [string, Span]): number {
  return other.count - one.count || (oneName < otherName ? -1 : 1);
}

/** The values, with entries that have none: their number is known, their times are not. */
function withMissing({ all, values, beyond }: Counted, kind: ValueKind): ReadonlyMap<string, Span> {
  const told = [...values.values()].reduce((sum, { count }) => sum + count, beyond.count);
  if (told >= all.count) return values;
  const count = all.count - told + (values.get(unfit[kind])?.count ?? 0);
  return new Map([...values, [unfit[kind], { count, firstMs: null, lastMs: null }]]);
}

export function* toValueRows(
  source: LogSource,
  counted: Counted,
  kind: ValueKind,
  { top, mincount, accounts }: RowChoice,
): Generator<LogElement> {
  const { beyond } = counted;
  const rest = emptySpan();
  let others = 0;
  let listed = 0;
  const values = [...withMissing(counted, kind)];
  const sorted = values.filter(([value]) => !accounts || value !== unfit[kind]).sort(compare);
  for (const [value, span] of sorted) {
    if (listed < top && span.count >= mincount) {
      listed += 1;
      yield { source, value: toText(value), ...toTimes(span) };
    } else {
      others += 1;
      addSpan(rest, span);
    }
  }
  addSpan(rest, beyond);
  if (rest.count > 0) yield { source, others: others + (beyond.count > 0 ? 1 : 0), ...toTimes(rest) };
}

export function toSignRow({ source, kind, path, span }: Sign): LogElement {
  return { source, sign: kind, ...toTimes(span), ...(path === null ? {} : { files: [path] }) };
}

export function toSourceRow(source: LogSource, { all, files }: Pick<Tally, 'all' | 'files'>): LogElement {
  return { source, ...toTimes(all), files: files.map((path) => path) };
}
