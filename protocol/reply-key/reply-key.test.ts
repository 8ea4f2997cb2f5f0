import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { newReplyKey } from '../result/sealed.ts';
import { PublicReplyKey } from './reply-key.ts';

/** Of small order (RFC 7748, 7), canonical and not. */
const smallOrder = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
];
const accepts = (text: string): boolean => PublicReplyKey.safeParse(text).success;

describe('a reply key', () => {
  test('is one that answers can be sealed to', () => {
    for (let made = 0; made < 100; made += 1) assert.ok(accepts(newReplyKey().publicKey));
  });

  test('is no point of small order', () => {
    for (const hex of smallOrder) assert.ok(!accepts(Buffer.from(hex, 'hex').toString('base64')), hex);
  });

  test('has 32 bytes, in the one spelling of base64', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 30, maxLength: 34 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        if (bytes.length !== 32) assert.ok(!accepts(text));
      }),
    );
    const { publicKey } = newReplyKey();
    const last = publicKey.charCodeAt(42);
    for (const code of [last + 1, last - 1])
      assert.ok(!accepts(`${publicKey.slice(0, 42)}${String.fromCharCode(code)}=`));
  });
});
