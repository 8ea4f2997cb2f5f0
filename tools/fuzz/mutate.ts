/** Makes nearly valid inputs, by changes of bytes and of JSON values. */
import type { Random } from './random.ts';

/** Growth stops here: larger inputs are refused by size alone. */
const maximumBytes = 64 * 1024;

/** Bytes that any parser may stumble over. */
const tokens = [
  ...[
    '',
    '\0',
    '\n',
    '\r\n',
    '"',
    '\\',
    "'",
    "''",
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    ',',
    ':',
    '=',
    '-',
    '%',
    '_',
    ';',
    '/',
  ],
  ...['null', 'true', '-0', '1e999', '1e-999', '0x10', '9007199254740993', '4294967296', '-1', '0.1', '1E400'],
  ...['"__proto__"', '"constructor"', '"toString"', '\\ud800', '\\u0000', '\u202e', '\ufeff', '\u{1f600}', '\x1b[2J'],
  ...['AND', 'OR', 'NOT', 'IN', 'LIKE', 'NULL', "NOW() - INTERVAL '1 day'", 'environment', '->>', '~*', 'all'],
  ...['-----BEGIN PGP SIGNATURE-----\n', '-----END PGP SIGNATURE-----\n', '\n\n', 'Hash: MD5\n', 'mig action v3\n'],
].map((text) => Buffer.from(text));
const bytePatterns = [
  ...['ffffffff', '7fffffff', '80000000', '00000000', 'ff', '7f', '80', '00000001', 'fffffffffffffffe', 'c3', 'eda080'],
  ...['ce', 'c2', '88', '0100010000', '08000000000000ce'],
].map((hex) => Buffer.from(hex, 'hex'));

type Change = (input: Buffer, random: Random, others: readonly Uint8Array[]) => Buffer;

function splice(input: Buffer, at: number, removed: number, inserted: Uint8Array): Buffer {
  return Buffer.concat([input.subarray(0, at), inserted, input.subarray(at + removed)]);
}

const changes: readonly Change[] = [
  (input, random) => {
    const copy = Buffer.from(input);
    const at = random.below(copy.length + 1);
    if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    return copy;
  },
  (input, random) => {
    const copy = Buffer.from(input);
    if (copy.length > 0) copy[random.below(copy.length)] = random.below(256);
    return copy;
  },
  (input, random) => splice(input, random.below(input.length + 1), random.below(9), Buffer.alloc(0)),
  (input, random) => input.subarray(0, random.below(input.length + 1)),
  (input, random) => splice(input, random.below(input.length + 1), 0, random.pick(tokens)),
  (input, random) => splice(input, random.below(input.length + 1), random.below(5), random.pick(bytePatterns)),
  (input, random) => {
    const from = random.below(input.length + 1);
    const chunk = input.subarray(from, from + 1 + random.below(64));
    const copies = Buffer.concat(Array.from({ length: 1 + random.below(40) }, () => chunk));
    return splice(input, random.below(input.length + 1), 0, copies);
  },
  (input, random, others) => {
    const other = random.pick(others);
    return Buffer.concat([
      input.subarray(0, random.below(input.length + 1)),
      other.subarray(random.below(other.length + 1)),
    ]);
  },
  (input, random) => {
    const [open, close] = random.pick([
      ['[', ']'],
      ['{"a":', '}'],
      ['(', ')'],
      ['NOT ', ''],
    ]);
    const depth = 1 << random.below(12);
    const at = random.below(input.length + 1);
    const [before, after] = [Buffer.from(open.repeat(depth)), Buffer.from(close.repeat(depth))];
    return Buffer.concat([input.subarray(0, at), before, input.subarray(at), after]);
  },
];

/** JSON texts that replace a value. */
const jsonValues = [
  ...['null', 'true', '0', '-0', '-1', '1.5', '1e308', '1e309', '9007199254740993', '""', '"x"', '[]', '{}', '[null]'],
  ...['"\\ud800"', '"\\u0000"', '"a\\u202eb"', '"2026-13-41T00:00:00Z"', '"../../etc"', '"constructor"', '"AAAA"'],
  ...['{"__proto__":{"polluted":true}}', '{"toString":1}', '[[[[[[[[]]]]]]]]', '{"a":1,"a":2}'],
];
const jsonKeys = ['__proto__', 'constructor', 'prototype', 'toString', 'extra', '', 'kind', 'id', '\\u0061'];

/** Replaces one value or adds a member, in the text itself: keys may then come twice. */
function changeJson(input: Buffer, random: Random): Buffer {
  const text = input.toString('latin1');
  const begins = [...text.matchAll(/[:[,]\s*(?=["\d{[tfn-])/g)];
  if (begins.length === 0) return input;
  const begin = random.pick(begins);
  const at = begin.index + begin[0].length;
  if (random.below(4) === 0) {
    const braces = [...text.matchAll(/\{/g)];
    if (braces.length === 0) return input;
    const member = Buffer.from(`"${random.pick(jsonKeys)}":${random.pick(jsonValues)},`);
    return splice(input, random.pick(braces).index + 1, 0, member);
  }
  const value = /^(?:"(?:[^"\\]|\\.)*"|[-+.\w]+|[[{])/s.exec(text.slice(at))?.[0] ?? '';
  return splice(input, at, value.length, Buffer.from(random.pick(jsonValues)));
}

/** One to six changes, one after the other. */
export function mutate(input: Uint8Array, random: Random, others: readonly Uint8Array[]): Buffer {
  let changed = Buffer.from(input);
  for (let count = 1 + random.below(6); count > 0; count -= 1) {
    const isJson = random.below(3) === 0;
    changed = Buffer.from(isJson ? changeJson(changed, random) : random.pick(changes)(changed, random, others));
    if (changed.length > maximumBytes) changed = changed.subarray(0, maximumBytes);
  }
  return changed;
}
