import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { escapeText, escapeWord, toSafeJson } from './escape.ts';

describe('escapeText', () => {
  for (const [name, text, shown] of [
    ['plain text', "web1 /usr/bin/wget [mode:-rwxr-xr-x] 's1'", "web1 /usr/bin/wget [mode:-rwxr-xr-x] 's1'"],
    ['letters of other scripts and emoji', 'café 日本語 עברית 🦊', 'café 日本語 עברית 🦊'],
    ['an escape sequence', '\u001b[2J\u001b]0;owned\u0007', '\\u{1b}[2J\\u{1b}]0;owned\\u{7}'],
    ['the 8-bit CSI', '\u009b2J', '\\u{9b}2J'],
    ['lines and tabs', 'a\nb\r\tc\u2028d\u0085e', 'a\\u{a}b\\u{d}\\u{9}c\\u{2028}d\\u{85}e'],
    ['bidi marks', 'exe.\u202etxt\u2066\u200f', 'exe.\\u{202e}txt\\u{2066}\\u{200f}'],
    [
      'what is not seen',
      'a\u200bb\u00adc\ufeffd\u3164e\u{e0041}f',
      'a\\u{200b}b\\u{ad}c\\u{feff}d\\u{3164}e\\u{e0041}f',
    ],
    ['half a surrogate pair', 'a\ud800b', 'a\\u{d800}b'],
    ['a backslash', 'C:\\x1b', 'C:\\x1b'],
  ] as const)
    it(`shows ${name}`, () => assert.equal(escapeText(text), shown));

  it('leaves nothing that a terminal obeys, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.doesNotMatch(escapeText(text), /[\p{Cc}\p{Cf}\p{Cs}]/u);
        assert.doesNotMatch(escapeWord(text), /\s/u);
      }),
    );
  });
});

it('escapeWord lets a host name be one word', () => {
  assert.equal(escapeWord('web1 /etc/shadow found'), 'web1\\u{20}/etc/shadow\\u{20}found');
  assert.equal(escapeWord('a\u00a0b'), 'a\\u{a0}b');
  assert.equal(escapeWord(''), '""');
});

it('toSafeJson is the same value without what a terminal obeys', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const text = toSafeJson({ value });
      assert.equal(JSON.stringify(JSON.parse(text)), JSON.stringify({ value }));
      assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Cs}]/u);
    }),
  );
  assert.equal(JSON.parse(toSafeJson(['\u{e0041}']))[0], '\u{e0041}');
});
