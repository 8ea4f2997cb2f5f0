import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toInstant } from '../../protocol/base/instant.ts';
import type { TrustStatus } from '../../protocol/trust/trust-status.ts';
import { TrustVersions, warnOfExpiry } from './describe-trust.ts';

const dayMs = 86_400_000;
const nowMs = Date.parse('2026-01-31T07:00:00Z');
const inDays = (days: number): string => toInstant(nowMs + days * dayMs);

describe('the expiry of a trust list', () => {
  for (const [days, expected] of [
    [365, undefined],
    [91, undefined],
    [90, 'expires in 90 days: a new one will be needed'],
    [31, 'expires in 31 days: a new one will be needed'],
    [30, 'expires in 30 days: sign and publish a new one soon'],
    [8, 'expires in 8 days: sign and publish a new one soon'],
    [7, 'expires in 7 days: sign and publish a new one now'],
    [1, 'expires in 1 day: sign and publish a new one now'],
    [0, 'has expired: agents go by what is baked in, less everything that was ever revoked'],
    [-100, 'has expired: agents go by what is baked in, less everything that was ever revoked'],
  ] as const)
    it(`${days} days ahead: ${expected ?? 'nothing'}`, () => assert.equal(warnOfExpiry(inDays(days), nowMs), expected));
});

describe('what agents say of their trust lists', () => {
  const status = (version: number, days: number) => ({ version, expires: inDays(days) });

  function summarise(...statuses: readonly TrustStatus[]): string[] {
    const versions = new TrustVersions();
    for (const one of statuses) versions.add(one);
    return versions.summarise(nowMs);
  }

  it('is nothing when all is well', () => assert.deepEqual(summarise(status(3, 200), status(3, 200)), []));

  it('says that two lists of one version are in force, as no honest holders of root keys sign them', () => {
    const other = { ...status(3, 200), digest: 'b'.repeat(64) };
    assert.deepEqual(summarise(other, other, status(3, 200)), [], 'an earlier build does not tell');
    assert.deepEqual(summarise({ ...other, digest: 'a'.repeat(64) }, other, other), [
      '3 agents go by 2 different trust lists 3: root keys have signed each of them',
    ]);
  });

  it('names who is behind, and what expires', () =>
    assert.deepEqual(summarise(status(2, 200), status(3, 20), status(3, 20)), [
      '1 agent still at trust list 2, others have 3',
      'trust list 3 of 2 agents expires in 20 days: sign and publish a new one soon',
    ]));
});

describe('a trust list that agents refuse', () => {
  it('is shown with their reasons, each once and with a number', () => {
    const versions = new TrustVersions();
    const [shown, other] = ['a'.repeat(64), 'b'.repeat(64)];
    const refuse = (digest: string, code: string): void =>
      versions.add({ version: 1, expires: inDays(365), refused: { digest, code } });
    refuse(shown, 'trust-out-of-bounds');
    refuse(shown, 'trust-out-of-bounds');
    refuse(shown, 'odd\u001b[31m');
    refuse(other, 'trust-older');
    assert.deepEqual(versions.describeRefusals(shown), [
      '2 agents have refused it: trust-out-of-bounds (the list allows more than what is baked in lets it)',
      '1 agent has refused it: odd\\u{1b}[31m',
    ]);
  });
});
