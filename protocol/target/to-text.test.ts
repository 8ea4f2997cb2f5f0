import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toTreeArbitrary } from './arbitrary.ts';
import { parseTarget } from './parser.ts';
import { toText } from './to-text.ts';
import { targetLimits } from './tree.ts';

test('the canonical text of a tree parses to the same tree', () => {
  fc.assert(
    fc.property(toTreeArbitrary({ serverOnly: true }), (tree) => {
      const text = toText(tree);
      fc.pre(text.length <= targetLimits.characters);
      assert.deepEqual(parseTarget(text), tree);
    }),
    { numRuns: 1000 },
  );
});

const spellings = [
  ['TRUE', 'all'],
  ['false', 'FALSE'],
  ['online', "status = 'online'"],
  ["((name)='x')", null],
  ["((name='x'))", "name = 'x'"],
  ["name!='x'", "name <> 'x'"],
  ["name NOT ILIKE 'X%'", "NOT name ILIKE 'X%'"],
  ["name !~* 'x'", "NOT name ~* 'x'"],
  ["tags->>'it''s' IS NOT NULL", "NOT tags->>'it''s' IS NULL"],
  ["name NOT BETWEEN 'a' AND 'b' OR all", "NOT (name >= 'a' AND name <= 'b') OR all"],
  ["all AND (name = 'a' OR name = 'b')", "all AND (name = 'a' OR name = 'b')"],
  ['(all AND online) OR FALSE', "all AND status = 'online' OR FALSE"],
  ["environment->>'cpus' IN (4, '8', true)", "environment->>'cpus' IN ('4', '8', 'true')"],
  ["starttime > NOW() - INTERVAL '1 hour 30 min'", "starttime > NOW() - INTERVAL '5400 seconds'"],
  ["starttime <= NOW() + INTERVAL '0 s'", 'starttime <= NOW()'],
  ["starttime = TIMESTAMPTZ '2026-01-31 07:00+01'", "starttime = '2026-01-31T06:00:00.000Z'"],
] as const;

for (const [text, canonical] of spellings)
  test(`${text} is ${canonical ?? 'refused'}`, () => {
    if (canonical === null) assert.throws(() => parseTarget(text), { code: 'target-malformed' });
    else assert.equal(toText(parseTarget(text)), canonical);
  });
