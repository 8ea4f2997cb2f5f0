import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseJson, toCanonicalJson } from './strict-json.ts';
import { cutText, toWellFormed } from './text.ts';

/** Any UTF-16, halves of pairs included. */
const anyUnit = fc.nat(0xffff).map((unit) => String.fromCharCode(unit));
const anyText = fc.string({ unit: anyUnit });

test('a text is cut between letters, at most one unit before the bound', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (text, bound) => {
      const cut = cutText(text, bound);
      assert.ok(cut.isWellFormed());
      assert.ok(text.startsWith(cut));
      assert.ok(cut.length >= Math.min(text.length, bound - 1) && cut.length <= bound);
    }),
  );
});

test('whatever is cut, what is left can be signed', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, bound) => {
      toCanonicalJson([cutText(text, bound)]);
    }),
  );
});

test('a value that a module gave can be signed, whatever texts and keys are in it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: anyUnit }), (value) => {
      const json = Buffer.from(JSON.stringify(value));
      const parsed = parseJson(json, { maxBytes: json.length, maxValues: 1_000_000 });
      toCanonicalJson(toWellFormed(parsed, json));
    }),
  );
});

test('what is well-formed stays what it is', () => {
  const value = { a: ['😀', '\\ud83d', { '😀': 1 }], b: null };
  assert.deepEqual(toWellFormed(value, Buffer.from(JSON.stringify(value))), value);
});
