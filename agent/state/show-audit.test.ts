import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toParameters } from '../../modules/policy/testing/ask-policy.ts';
import { loaders } from '../../modules/registry.ts';
import { newActionId, sha256Hex } from '../../protocol/base/identifiers.ts';
import type { AuditEntry } from './audit-log.ts';
import { loadDescriber } from './describe-question.ts';
import { toAuditJson, toAuditLine } from './show-audit.ts';

const hostile = 'a\u001b[31m\u009b2Jb\u202ec\u2028d\u00ade\u{e0041}\nf';
const accepted = {
  kind: 'accepted',
  action: newActionId(),
  name: hostile,
  target: hostile,
  signers: ['alice'],
  keys: [],
  replykey: '',
  readers: [],
  operations: [{ module: 'file', parameters: { [hostile]: hostile } }],
} satisfies AuditEntry['event'];
const entry: AuditEntry = {
  sequence: 1,
  time: '2026-01-31T07:00:00.000Z',
  event: accepted,
  previous: sha256Hex(''),
  hash: sha256Hex('1'),
};

for (const [says, text] of [
  ['a line', toAuditLine(entry)],
  ['JSON', toAuditJson(entry)],
] as const)
  test(`${says} does nothing to the owner's terminal, whatever an investigator wrote`, () => {
    assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
  });

test('JSON is that of the entry', () => assert.deepEqual(JSON.parse(toAuditJson(entry)), entry));

test('a packed document is told in words', async () => {
  const document = {
    version: 2,
    name: 'Web servers',
    tests: [{ id: 'shadow', title: 'of root', check: { found: { file: { paths: ['/etc/shadow'] } } } }],
  };
  const event: AuditEntry['event'] = {
    ...accepted,
    operations: [{ module: 'policy', parameters: toParameters(document) }],
  };
  const line = toAuditLine({ ...entry, event }, await loadDescriber(loaders));
  assert.match(line, /: policy Web servers, 1 test \| shadow: of root: found: file \{"paths":\["\/etc\/shadow"\]\};/);
});
