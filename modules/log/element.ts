/** An element of the answer: how many entries or signs of a source fit, first and last, for each value that was asked for. */
import * as z from 'zod';
import type { Column } from '../kit/column.ts';
import { toGoTime } from '../kit/go-text.ts';
import { sources } from './question/sources.ts';
import { signKinds } from './signs/signs.ts';

const TimeMs = z.int();

export const LogElement = z.strictObject({
  source: z.enum(sources),
  /** Of a hole, or what looks altered. */
  sign: z.enum(signKinds).optional(),
  /** Of the field or capture by which the search counts. */
  value: z.string().optional(),
  /** Number of values that are counted together here, because they are rare. */
  others: z.int().optional(),
  count: z.int(),
  /** Milliseconds since 1970; absent when no entry has a time. */
  first: TimeMs.optional(),
  last: TimeMs.optional(),
  /** The first of the files that have such entries. */
  files: z.array(z.string()).optional(),
});
export type LogElement = z.infer<typeof LogElement>;

function toTimeText(timeMs: number | undefined): string {
  return timeMs === undefined ? '' : toGoTime(Math.floor(timeMs / 1000), 0);
}

function toValueText({ value, others }: LogElement): string {
  return others === undefined ? (value ?? '') : `(${others} others)`;
}

export const columns: readonly Column<LogElement>[] = [
  { name: 'source', kind: 'choice', line: 'head', help: 'Source.', discloses: 'names', value: ({ source }) => source },
  {
    name: 'sign',
    kind: 'choice',
    line: 'head',
    help: 'With -signs: missing, zeroed, backwards, damaged or deleted.',
    discloses: 'names',
    value: ({ sign }) => sign,
  },
  {
    name: 'value',
    kind: 'text',
    line: 'head',
    help: 'Value by which it is counted, without secrets.',
    discloses: 'names',
    value: ({ value }) => value,
    toText: toValueText,
  },
  {
    name: 'others',
    kind: 'number',
    line: 'none',
    help: 'Number of values that are counted together, beyond -top or below -mincount.',
    discloses: 'names',
    value: ({ others }) => others,
  },
  { name: 'count', kind: 'number', line: 'detail', help: 'Entries.', discloses: 'names', value: ({ count }) => count },
  {
    name: 'first',
    kind: 'time',
    line: 'detail',
    help: 'When the first of them was written.',
    discloses: 'names',
    value: ({ first }) => first,
    toText: ({ first }) => toTimeText(first),
  },
  {
    name: 'last',
    kind: 'time',
    line: 'detail',
    help: 'When the last of them was written.',
    discloses: 'names',
    value: ({ last }) => last,
    toText: ({ last }) => toTimeText(last),
  },
  {
    name: 'files',
    kind: 'list',
    line: 'detail',
    help: 'Files that have them, the first 20.',
    discloses: 'metadata',
    value: ({ files }) => files,
  },
];

export function toNamesOnly({ files: _, ...told }: LogElement): LogElement {
  return told;
}

/** `found 812 entries, the first 2026-01-31 07:00:00 +0000 UTC`; undefined where they may not be told. */
export function toCountLine(statistics: Readonly<Record<string, number>>): string | undefined {
  const { matched = 0, first = 0, last = 0 } = statistics;
  if (matched === 0) return undefined;
  const times = first === 0 ? '' : `, first ${toGoTime(first, 0)}, last ${toGoTime(last, 0)}`;
  return `found ${matched} ${matched === 1 ? 'entry' : 'entries'}${times}`;
}
