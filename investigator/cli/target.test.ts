import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertTarget } from './target.ts';

describe('a target', () => {
  it('passes when it is in the language', () => {
    for (const text of ['all', 'online', "environment->>'os' = 'linux' AND name LIKE '%web%'"]) assertTarget(text);
  });

  for (const [text, caret] of [
    ["name LIKE 'a' AND", 17],
    ["nmae = 'a'", 0],
    ["name = 'a' ; DROP TABLE agents", 11],
    [`name = '${'a'.repeat(200)}' !`, 60],
    ["name = '\u001b' !", 16],
  ] as const)
    it(`has a caret below what is wrong: ${JSON.stringify(text.slice(0, 30))}`, () => {
      assert.throws(
        () => assertTarget(text),
        (error: Error & { code: string }) => {
          const [shown = '', marker = ''] = error.message.split('\n').slice(-2);
          assert.equal(error.code, 'target-malformed');
          assert.doesNotMatch(shown, /\p{Cc}/u);
          assert.equal(marker.indexOf('^'), caret);
          return true;
        },
      );
    });
});
