import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseCanonicalJson, parseJson, toCanonicalJson } from './strict-json.ts';

const bounds = { maxBytes: 4096, maxValues: 100 };

describe('canonical JSON', () => {
  test('gives the bytes of RFC 8785, sections 3.2.2 and 3.2.3', () => {
    const numbers: unknown = JSON.parse('[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]');
    assert.equal(toCanonicalJson(numbers).toString(), '[333333333.3333333,1e+30,4.5,0.002,1e-27]');
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    const object = Object.fromEntries([...sorted].reverse().map((key) => [key, 0]));
    const expected = `{${sorted.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`;
    assert.equal(toCanonicalJson(object).toString(), expected);
  });

  test('whatever JSON can express survives the round trip', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const bytes = toCanonicalJson(value);
        fc.pre(!bytes.includes('"__proto__":'));
        const parsed = parseCanonicalJson(bytes, { maxBytes: 1 << 20, maxValues: 1 << 20 });
        assert.deepEqual(toCanonicalJson(parsed), bytes);
      }),
    );
  });

  test('refuses every other spelling of a value', () => {
    const others = {
      'white space': '{"a": 1}',
      'duplicate keys': '{"a":1,"a":1}',
      'keys out of order': '{"b":1,"a":1}',
      'another number': '{"a":1.0}',
      'a number that does not fit': '{"a":9007199254740993}',
      'an escape that is not needed': '{"a":"\\u0061"}',
      'a lone surrogate': '{"a":"\\ud800"}',
      'an upper-case escape': '{"a":"\\u001F"}',
      'negative zero': '{"a":-0}',
      'keys that JavaScript reorders': '{"9":0,"10":0}',
      'keys out of order within others': '{"a":[{"c":{"b":1,"a":1}}]}',
      'a number beyond all': '{"a":1e999}',
      'a prototype': '{"__proto__":{"a":1},"__proto__":{}}',
    };
    for (const [name, text] of Object.entries(others))
      assert.throws(() => parseCanonicalJson(Buffer.from(text), bounds), { code: 'json-not-canonical' }, name);
  });

  test('accepts the one spelling of what JSON.stringify alone would not write so', () => {
    for (const text of [
      '{"10":0,"9":0}',
      '{"\\u0001":"\\u001f"}',
      '{"A":"\u2028","a":"\u{1f600}"}',
      '[[],{},null,1e+30]',
    ])
      assert.deepEqual(parseCanonicalJson(Buffer.from(text), bounds), JSON.parse(text), text);
  });

  test('accepts of any spelling what RFC 8785 writes, and nothing else', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.nat({ max: 2 }), (text, indent) => {
        const spelt = JSON.stringify(JSON.parse(text), null, indent);
        fc.pre(!spelt.includes('"__proto__":'));
        const isCanonical = toCanonicalJson(JSON.parse(spelt)).toString() === spelt;
        const parse = () => parseCanonicalJson(Buffer.from(spelt), { maxBytes: 1 << 20, maxValues: 1 << 20 });
        if (isCanonical) assert.deepEqual(parse(), JSON.parse(spelt));
        else assert.throws(parse, { code: 'json-not-canonical' });
      }),
    );
  });

  // Found by fuzzing trust lists: a signed weight for `__proto__` was read as none.
  test('refuses a key that objects made from keys would lose', () => {
    for (const text of ['{"__proto__":1}', '[{"a":{"__proto__":{}}}]'])
      assert.throws(() => parseCanonicalJson(Buffer.from(text), bounds), { code: 'json-malformed' }, text);
    const text = '["\\"__proto__\\":"]';
    assert.deepEqual(parseCanonicalJson(Buffer.from(text), bounds), ['"__proto__":']);
  });
});

describe('parseJson', () => {
  test('holds size and depth before it parses, and counts no bracket in a string', () => {
    const deep = (levels: number) => Buffer.from('['.repeat(levels) + ']'.repeat(levels));
    assert.throws(() => parseJson(Buffer.alloc(4097, 0x20), bounds), { code: 'json-too-large' });
    assert.throws(() => parseJson(deep(33), bounds), { code: 'json-too-deep' });
    assert.throws(() => parseJson(deep(100_000), { maxBytes: 1 << 20, maxValues: 1 << 20 }), { code: 'json-too-deep' });
    assert.deepEqual(parseJson(Buffer.from(JSON.stringify('['.repeat(100))), bounds), '['.repeat(100));
    assert.deepEqual(parseJson(Buffer.from('["\\"[[[[", 1]'), { maxBytes: 99, maxValues: 3, maxDepth: 1 }), [
      '"[[[[',
      1,
    ]);
  });

  // Millions of empty arrays fit into a few megabytes, and each took a hundred bytes of memory.
  test('holds the number of values before it parses, and counts no comma in a string', () => {
    const wide = (item: string, count: number) => Buffer.from(`[${Array(count).fill(item).join(',')}]`);
    const few = { maxBytes: 1 << 20, maxValues: 100 };
    for (const item of ['0', '[]', '{}', '""', '{"a":0}', '[0,[1]]', 'garbage'])
      assert.throws(() => parseJson(wide(item, 100), few), { code: 'json-too-many-values' }, item);
    const object = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, index]));
    assert.throws(() => parseJson(Buffer.from(JSON.stringify(object)), few), { code: 'json-too-many-values' });
    assert.deepEqual(parseJson(wide('0', 99), few), Array(99).fill(0));
    assert.equal(parseJson(Buffer.from(JSON.stringify(','.repeat(1000))), few), ','.repeat(1000));
  });

  test('counts no fewer values than there are', () => {
    const countValues = (value: unknown): number =>
      1 +
      (typeof value === 'object' && value !== null
        ? Object.values(value).reduce((sum: number, inner) => sum + countValues(inner), 0)
        : 0);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const maxValues = countValues(value) - 1;
        const parse = () => parseJson(toCanonicalJson(value), { maxBytes: 1 << 20, maxValues });
        assert.throws(parse, { code: 'json-too-many-values' });
      }),
    );
  });

  test('refuses what is not UTF-8, has a byte order mark, or is not JSON', () => {
    for (const bytes of [Buffer.from([0x22, 0xff, 0x22]), Buffer.from('\ufeff1'), Buffer.from(''), Buffer.from('{')])
      assert.throws(() => parseJson(bytes, bounds), { code: 'json-malformed' });
  });
});
