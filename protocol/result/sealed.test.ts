import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { AgentId, newActionId, sha256Hex } from '../base/identifiers.ts';
import { seal, toPublicKey } from '../reply-key/hpke.ts';
import { emptyReceipt, type Result } from './result.ts';
import { newReplyKey, ResultOpener, sealResult } from './sealed.ts';

const agent = AgentId.parse(sha256Hex('an agent'));

function newResult(): Result {
  const operation = {
    success: true,
    foundanything: true,
    elements: { s1: ['/etc/hosts'] },
    statistics: {},
    errors: [],
  };
  return {
    agent: { id: agent, name: 'host' },
    action: newActionId(),
    actiondigest: sha256Hex('signed bytes'),
    operations: [{ ...operation, receipt: emptyReceipt() }],
  };
}

describe('sealed results', () => {
  test('open to what was sealed, and only with the private half', () => {
    const result = newResult();
    const key = newReplyKey();
    const sealed = sealResult(result, key.publicKey);
    const opener = new ResultOpener(key.privateKey);
    assert.deepEqual(opener.open(sealed, { action: result.action, agent }), result);
    const other = new ResultOpener(newReplyKey().privateKey);
    assert.throws(() => other.open(sealed, { action: result.action, agent }), { code: 'seal-broken' });
  });

  test('do not show in the sealed bytes what they hold, and differ each time', () => {
    const result = newResult();
    const { publicKey } = newReplyKey();
    const [one, two] = [sealResult(result, publicKey), sealResult(result, publicKey)];
    assert.notEqual(one, two);
    assert.equal(one.includes('/etc/hosts'), false);
  });

  test('cannot be moved to another action or another agent, nor changed in any byte', () => {
    const result = newResult();
    const key = newReplyKey();
    const sealed = sealResult(result, key.publicKey);
    const opener = new ResultOpener(key.privateKey);
    const otherAgent = AgentId.parse(sha256Hex('another agent'));
    assert.throws(() => opener.open(sealed, { action: newActionId(), agent }), { code: 'seal-broken' });
    assert.throws(() => opener.open(sealed, { action: result.action, agent: otherAgent }), { code: 'seal-broken' });
    const bytes = sealed;
    for (let index = 0; index < bytes.length; index += 5) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      const expected = { action: result.action, agent };
      assert.throws(() => opener.open(changed, expected), { code: 'seal-broken' }, `byte ${index}`);
    }
  });

  test('of a hostile agent that hold no canonical JSON, or too deep a one, are named as malformed', () => {
    const result = newResult();
    const key = newReplyKey();
    const opener = new ResultOpener(key.privateKey);
    const expected = { action: result.action, agent };
    const recipient = toPublicKey(Buffer.from(key.publicKey, 'base64'));
    const binding = { info: Buffer.from('mig result v3'), aad: Buffer.from(`${result.action}:${agent}`) };
    for (const text of ['', '{', '{ }', '{"a":1,"a":1}', '['.repeat(100_000), 'null', '{}']) {
      const sealed = seal(deflateRawSync(text), recipient, binding);
      assert.throws(() => opener.open(sealed, expected), { code: 'result-malformed' }, text.slice(0, 20));
    }
    const notDeflated = seal(Buffer.from('plain'), recipient, binding);
    assert.throws(() => opener.open(notDeflated, expected), { code: 'seal-broken' });
  });

  // A few kilobytes on the wire: parsed, they took gigabytes and minutes.
  test('of a hostile agent that hold millions of values are refused for little more memory than their text takes', () => {
    const result = newResult();
    const key = newReplyKey();
    const recipient = toPublicKey(Buffer.from(key.publicKey, 'base64'));
    const binding = { info: Buffer.from('mig result v3'), aad: Buffer.from(`${result.action}:${agent}`) };
    const text = `{"operations":[${'[],'.repeat(5_500_000)}[]]}`;
    const sealed = seal(deflateRawSync(text), recipient, binding);
    const opener = new ResultOpener(key.privateKey);
    const before = process.resourceUsage().maxRSS;
    assert.throws(() => opener.open(sealed, { action: result.action, agent }), { code: 'result-malformed' });
    const grownMiB = (process.resourceUsage().maxRSS - before) / 1024;
    assert.ok(grownMiB < 64, `grew by ${Math.round(grownMiB)} MiB`);
  });

  test('that no reader would open are not sealed', () => {
    const result = newResult();
    const [operation] = result.operations;
    assert.ok(operation !== undefined);
    const elements = Array(1_500_000).fill(0);
    const wide = { ...result, operations: [{ ...operation, elements }] };
    assert.throws(() => sealResult(wide, newReplyKey().publicKey), { code: 'json-too-many-values' });
  });
});
