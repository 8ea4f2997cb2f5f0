import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchWithJavaScript, toTreeArbitrary } from './arbitrary.ts';
import { evaluateTarget, type TargetFacts } from './evaluate.ts';
import { parseTarget } from './parser.ts';
import type { TargetNode } from './tree.ts';

const facts: TargetFacts = {
  id: 'ab12',
  name: 'web1.example.org',
  queueloc: 'linux.web1.example.org',
  mode: 'daemon',
  version: '3.0.0',
  environment: { os: 'linux', ident: 'Debian 12', addresses: ['10.0.0.1', 'fe80::1'] },
  tags: { team: 'web' },
  starttime: '2026-01-31T07:00:00Z',
  relayTime: { earliestMs: Date.parse('2026-01-31T08:00:00Z'), latestMs: Date.parse('2026-01-31T08:10:00Z') },
};

const outcomes: readonly (readonly [string, boolean | 'unknown'])[] = [
  ['all', true],
  ['FALSE', false],
  ["name LIKE '%web%' AND environment->>'os' = 'linux'", true],
  ["environment->>'os' IN ('darwin', 'windows')", false],
  ["environment->>'ident' ILIKE 'DEBIAN%'", true],
  ['environment->>\'addresses\' = \'["10.0.0.1", "fe80::1"]\'', true],
  ["environment->>'addresses' LIKE '%\"fe80::1\"%'", true],
  ["name ~ '^web[0-9]+\\.'", true],
  ["name !~* 'WEB'", false],
  // A missing key is null: neither the condition nor its opposite selects the agent.
  ["tags->>'operator' = 'x'", false],
  ["NOT tags->>'operator' = 'x'", false],
  ["tags->>'operator' NOT IN ('x')", false],
  ["tags->>'operator' IS NULL", true],
  ["tags->>'toString' IS NULL", true],
  ["tags->>'operator' = 'x' OR tags->>'team' = 'web'", true],
  // What only the server knows leaves open what hangs on it, and nothing else.
  ['online', 'unknown'],
  ["NOT status = 'online'", 'unknown'],
  ['status IS NULL OR heartbeattime IS NULL', 'unknown'],
  ["online AND name = 'other'", false],
  ["online AND tags->>'team' = 'web'", 'unknown'],
  ["online OR tags->>'team' = 'web'", true],
  ["heartbeattime > NOW() - INTERVAL '5 minutes'", 'unknown'],
  // Null AND unknown is null or false, so it selects nothing, but its opposite may.
  ["tags->>'operator' = 'x' AND online", false],
  ["NOT (tags->>'operator' = 'x' AND online)", 'unknown'],
  ["tags->>'operator' = 'x' OR online", 'unknown'],
  // Between 08:00 and 08:10 the server evaluated NOW(); the agent started at 07:00.
  ["starttime < '2026-01-31 07:00:01'", true],
  ["starttime > NOW() - INTERVAL '2 hours'", true],
  ["starttime > NOW() - INTERVAL '30 minutes'", false],
  ["starttime > NOW() - INTERVAL '65 minutes'", 'unknown'],
  ["starttime = NOW() - INTERVAL '65 minutes'", 'unknown'],
  ["starttime <> NOW() - INTERVAL '2 hours'", true],
  ["starttime >= NOW() - INTERVAL '1 hour'", 'unknown'],
  ["starttime BETWEEN '2026-01-31' AND NOW()", true],
];

for (const [target, outcome] of outcomes)
  test(`${target} is ${outcome}`, () =>
    assert.equal(evaluateTarget(parseTarget(target), facts, matchWithJavaScript), outcome));

/** A condition that is null for this agent. */
const nullNode: TargetNode = {
  kind: 'compare',
  column: { kind: 'json', name: 'tags', key: 'absent' },
  comparison: '=',
  value: '',
};
const answers: readonly TargetNode[] = [
  { kind: 'constant', value: true },
  { kind: 'constant', value: false },
  nullNode,
];

/** The tree once for each way in which the server can judge the conditions that only it can. */
function toDecidedTrees(node: TargetNode): readonly TargetNode[] {
  if ('column' in node) return ['status', 'heartbeattime'].includes(node.column.name) ? answers : [node];
  if (node.kind === 'not') return toDecidedTrees(node.term).map((term) => ({ kind: 'not', term }));
  if (node.kind === 'constant') return [node];
  return node.terms
    .map(toDecidedTrees)
    .reduce<readonly TargetNode[][]>((rows, trees) => rows.flatMap((row) => trees.map((tree) => [...row, tree])), [[]])
    .map((terms) => ({ kind: node.kind, terms }));
}

test('an outcome is certain exactly when every judgement of the server leads to it', () => {
  const counts = { true: 0, false: 0, unknown: 0 };
  const tree = toTreeArbitrary({ serverOnly: true }).filter((candidate) => {
    const text = JSON.stringify(candidate);
    const serverConditions = text.match(/"(?:status|heartbeattime)"/g)?.length ?? 0;
    return serverConditions >= 1 && serverConditions <= 5 && !(text.includes('"starttime"') && text.includes('"now"'));
  });
  fc.assert(
    fc.property(tree, (node) => {
      const decided = toDecidedTrees(node).map((each) => evaluateTarget(each, facts, matchWithJavaScript));
      const expected = decided.every(Boolean) ? true : decided.some(Boolean) ? 'unknown' : false;
      assert.equal(evaluateTarget(node, facts, matchWithJavaScript), expected);
      counts[`${expected}`] += 1;
    }),
    { numRuns: 1000 },
  );
  assert.ok(Math.min(...Object.values(counts)) > 20, `expected all three outcomes, got ${JSON.stringify(counts)}`);
});
