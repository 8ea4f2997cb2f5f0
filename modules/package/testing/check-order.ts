/** The rules of every order of versions. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Order } from '../../kit/versions/order.ts';

/** @param ascending lists of equal versions, from the oldest to the newest. */
export function checkOrder(order: Order, ascending: readonly (readonly string[])[]): void {
  const flat = ascending.flatMap((equal, rank) => equal.map((version) => ({ version, rank })));
  for (const left of flat)
    for (const right of flat)
      assert.equal(
        Math.sign(order(left.version, right.version)),
        Math.sign(left.rank - right.rank),
        `${left.version} beside ${right.version}`,
      );
}

/** Whatever the texts are, each has its place, seen from both sides. */
export function checkAnyTexts(order: Order, letters: string): void {
  const text = fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      assert.equal(Math.sign(order(a, b)) + Math.sign(order(b, a)), 0);
      assert.equal(order(a, a), 0);
    }),
  );
}
