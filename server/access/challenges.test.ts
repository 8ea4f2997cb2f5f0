import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PlainFingerprint } from '../../protocol/base/identifiers.ts';
import type { Database } from '../database/database.ts';
import { openEmbeddedDatabase } from '../database/embedded.ts';
import { Challenges } from './challenges.ts';

const alice = PlainFingerprint.parse('A'.repeat(40));
const bob = PlainFingerprint.parse('B'.repeat(40));
const certificate = 'c'.repeat(64);

describe('challenges', () => {
  let database: Database;
  let first: Challenges;
  let second: Challenges;

  before(async () => {
    database = await openEmbeddedDatabase(null);
    [first, second] = [await Challenges.open(database.db), await Challenges.open(database.db)];
  });
  after(() => database.close());

  test('are good at every instance, once, for a minute and for one key', async () => {
    const nowMs = Date.now();
    const text = first.make(alice, certificate, nowMs);
    const read = second.read(text, alice, nowMs + 59_000);
    assert.equal(read?.certificate, certificate);
    assert.equal(second.read(text, bob, nowMs), null);
    assert.equal(second.read(text, alice, nowMs + 61_000), null);
    assert.equal(await second.use(read), true);
    assert.equal(await first.use(read), false);
  });

  test('of nobody and of before are none', () => {
    for (const text of ['', 'c'.repeat(43), 'c'.repeat(115)]) assert.equal(first.read(text, alice), null);
    const text = first.make(alice, null);
    assert.equal(first.read(text, alice)?.certificate, null);
    for (const at of [0, 20, 40, 80, 110]) {
      const changed = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
      assert.equal(first.read(changed, alice), null, `letter ${at}`);
    }
  });
});
