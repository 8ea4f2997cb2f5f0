import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIntervalSeconds, parseTimestampMs } from './time-literal.ts';

const intervals: readonly (readonly [string, number | null])[] = [
  ['5 minutes', 300],
  ['1 day 2 hours', 93_600],
  ['1h30m', 5400],
  ['2 WEEKS', 1_209_600],
  ['0 seconds', 0],
  ['36525 days', 3_155_760_000],
  ['36526 days', null],
  ['99999999999 s', null],
  ['1 month', null],
  ['1 year', null],
  ['-5 minutes', null],
  ['5', null],
  ['minutes', null],
  ['5 minutes ago', null],
  [' 5 minutes', null],
  ['01:00:00', null],
  ['', null],
];

for (const [text, seconds] of intervals)
  test(`'${text}' is ${seconds ?? 'no'} seconds`, () => assert.equal(parseIntervalSeconds(text), seconds));

const timestamps: readonly (readonly [string, string | null])[] = [
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ['2026-01-31 07:05', '2026-01-31T07:05:00.000Z'],
  ['2026-01-31T07:05:09Z', '2026-01-31T07:05:09.000Z'],
  ['2026-01-31 07:05:09.25+01', '2026-01-31T06:05:09.250Z'],
  ['2026-01-31 07:05:09 -03:30', '2026-01-31T10:35:09.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2026-02-29', null],
  ['2026-02-30', null],
  ['2026-13-01', null],
  ['2026-01-31 24:00', null],
  ['2026-01-31 07:60', null],
  ['2026-01-31 07:05+16', null],
  ['1969-12-31', null],
  ['9999-12-31 23:59:59-01', null],
  ['0000-00-00', null],
  ['infinity', null],
  ['now', null],
  ['2026-01-31 07:05:09.123456', null],
  ['31/01/2026', null],
  ['2026-01-31 Europe/Berlin', null],
];

for (const [text, instant] of timestamps)
  test(`'${text}' is ${instant ?? 'no time'}`, () => {
    const timeMs = parseTimestampMs(text);
    assert.equal(timeMs === null ? null : new Date(timeMs).toISOString(), instant);
  });
