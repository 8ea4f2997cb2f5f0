import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fingerprint } from '../base/identifiers.ts';
import { toInstant } from '../base/instant.ts';
import { toCanonicalJson } from '../base/strict-json.ts';
import { actionContext, parseSignedBytes, toSignedBytes } from './envelope.ts';
import { newAction } from './testing/new-action.ts';

const action = newAction({
  validfrom: toInstant(0),
  expireafter: toInstant(60_000),
  operations: [{ module: 'file', parameters: { searches: {} } }],
  readers: [Fingerprint.parse('A'.repeat(40))],
});

function toBytes(value: unknown): Buffer {
  return Buffer.concat([Buffer.from(actionContext), toCanonicalJson(value)]);
}

describe('signed bytes', () => {
  test('parse to the action that was signed', () => {
    assert.deepEqual(parseSignedBytes(toSignedBytes(action)), action);
  });

  const wrong: Record<string, unknown> = {
    'an unknown field': { ...action, pgpsignatures: [] },
    'an unknown field inside': { ...action, operations: [{ module: 'file', parameters: {}, is_compressed: true }] },
    'another syntax version': { ...action, syntaxversion: 2 },
    'no operations': { ...action, operations: [] },
    'too many operations': { ...action, operations: Array.from({ length: 17 }, () => action.operations[0]) },
    'a time with fractions': { ...action, validfrom: '2026-01-01T00:00:00.5Z' },
    'a day that does not exist': { ...action, validfrom: '2026-13-41T00:00:00Z' },
    'a reply key of another length': { ...action, replykey: 'AAAA' },
    'a missing target': { ...action, target: undefined },
    'a short id': { ...action, id: 'abc' },
    // Read as if it were in capitals, it would not be what was signed.
    'a fingerprint in another spelling': { ...action, readers: ['a'.repeat(40)] },
  };
  for (const [says, value] of Object.entries(wrong))
    test(`are refused with ${says}`, () => {
      assert.throws(() => parseSignedBytes(toBytes(JSON.parse(JSON.stringify(value)))), { code: 'malformed' });
    });

  test('are refused without their context, or with that of another protocol', () => {
    const json = toCanonicalJson(action);
    for (const bytes of [json, Buffer.concat([Buffer.from('mig session v3\n'), json])])
      assert.throws(() => parseSignedBytes(bytes), { code: 'malformed' });
  });
});
