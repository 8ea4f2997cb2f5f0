import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseAge, parseBytes, parseSize, toGoDuration, toGoTime } from './values.ts';

describe('parseSize', () => {
  for (const [text, minimum, maximum] of [
    ['12345', 12_345, 12_345],
    ['<10m', 0, 10_485_760],
    ['>1g', 1_073_741_824, Number.MAX_SAFE_INTEGER],
    ['2K', 2048, 2048],
    ['>1t', 1024 ** 4, Number.MAX_SAFE_INTEGER],
    ['0', 0, 0],
  ] as const)
    it(`takes ${text}`, () => assert.deepEqual(parseSize(text)?.range, { minimum, maximum }));

  for (const text of ['', '<', 'k', '<k', '10x', '=5', '<<5', '1.5m', '-5', '99999999999999999', '9007199254740991t'])
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseSize(text), undefined));
});

describe('parseAge', () => {
  for (const [text, kind, seconds] of [
    ['<90d', 'newer', 7_776_000],
    ['>5h', 'older', 18_000],
    ['<3m', 'newer', 180],
    ['>10s', 'older', 10],
    ['<2w', 'newer', 1_209_600],
  ] as const)
    it(`takes ${text}`, () => assert.deepEqual(parseAge(text), { kind, seconds }));

  for (const text of ['', '90d', '<d', '<90', '<90y', '=1h'])
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseAge(text), undefined));
});

describe('parseBytes', () => {
  it('takes hex, blanks and unknown bytes', () => assert.equal(parseBytes('4D 5a ?? 00'), '4D5a??00'));
  for (const text of ['', '4', '4d5', '??', '????', '4?', 'zz', '4d-5a'])
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseBytes(text), undefined));
});

describe('texts of Go', () => {
  for (const [seconds, nanoseconds, text] of [
    [1_467_732_762, 0, '2016-07-05 15:32:42 +0000 UTC'],
    [1_467_732_762, 120_000_000, '2016-07-05 15:32:42.12 +0000 UTC'],
    [0, 1, '1970-01-01 00:00:00.000000001 +0000 UTC'],
    [-1, 0, '1969-12-31 23:59:59 +0000 UTC'],
    [1e15, 0, '@1000000000000000'],
  ] as const)
    it(`show a time as ${text}`, () => assert.equal(toGoTime(seconds, nanoseconds), text));

  it('show a time that can be read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), fc.integer({ min: 0, max: 999 }), (seconds, milliseconds) => {
        const text = toGoTime(seconds, milliseconds * 1e6)
          .replace(' +0000 UTC', 'Z')
          .replace(' ', 'T');
        assert.equal(Date.parse(text), seconds * 1000 + milliseconds);
      }),
    );
  });

  for (const [durationMs, text] of [
    [0, '0ms'],
    [12.3456, '12.346ms'],
    [1500, '1.5s'],
    [62_500, '1m2.5s'],
    [3_600_000, '1h0m0s'],
  ] as const)
    it(`show a duration as ${text}`, () => assert.equal(toGoDuration(durationMs), text));
});
