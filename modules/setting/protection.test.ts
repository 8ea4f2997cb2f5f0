/** What a question learns of files that rules protect. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Protection } from '../kit/gate.ts';
import { askerOf } from '../kit/testing/ask.ts';
import { makeHost } from '../kit/testing/host.ts';
import { module } from './module.ts';
import { runBelow } from './run.ts';

const host = makeHost({
  '/usr/lib/systemd/systemd-sysctl': '',
  '/etc/sysctl.d/1.conf': 'kernel.a = 1\nkernel.b = 2\n',
  '/etc/fstab': '/dev/sdb1 /data ext4 nodev\n',
  '/proc/sys/kernel/a': '1\n',
  '/proc/1/mountinfo': '30 22 8:1 / /srv/secret rw - ext4 /dev/sda1 rw\n',
});
const { askAll } = askerOf(module, runBelow(host.root));

function ask(settings: string[], rule: Protection['rules'][number], questions = 60) {
  const search = { settings, when: 'boot' as const, options: { verdicts: true } };
  return askAll({ s1: search }, undefined, {}, { rules: [rule], contents: [], questions });
}

describe('a protected file', () => {
  const counted = { glob: `${host.root}/etc/**`, mayRead: true, mayTell: true };

  it('only answers whether a condition holds, and each condition is a question', async () => {
    const { hits, receipt } = await ask(
      ['sysctl:kernel.a = 1', 'sysctl:kernel.a != 1', 'sysctl:kernel.b = 2'],
      counted,
    );
    assert.deepEqual(
      hits.map(({ key, holds, now, boot }) => [key, holds, now, boot]),
      [
        ['sysctl:kernel.a', 'no', undefined, undefined],
        ['sysctl:kernel.b', 'yes', undefined, undefined],
      ],
    );
    assert.equal(receipt.protectedquestions, 3);
  });

  it('is protected as well when only the keys of a star are in it', async () => {
    const { hits, receipt } = await ask(['mount:* set'], counted);
    assert.deepEqual(
      hits.map(({ key, holds, now, boot }) => [key, holds, now, boot]),
      [
        ['mount:/srv/secret', 'no', undefined, undefined],
        ['mount:/data', 'yes', undefined, undefined],
      ],
    );
    assert.equal(receipt.protectedquestions, 3);
  });

  it('leaves conditions beyond the budget unknown', async () => {
    const { hits, receipt } = await ask(
      ['sysctl:kernel.a = 1', 'sysctl:kernel.b = 2', 'sysctl:kernel.c = 2'],
      counted,
      2,
    );
    assert.deepEqual(
      hits.map(({ holds, why }) => [holds, why]),
      [
        ['yes', undefined],
        ['yes', undefined],
        ['unknown', 'question-limit'],
      ],
    );
    assert.equal(receipt.protectedquestions, 2);
  });

  it('that may not be read leaves them unknown', async () => {
    const { hits, receipt } = await ask(['sysctl:kernel.a = 1'], { ...counted, mayRead: false });
    assert.deepEqual([hits[0]?.holds, hits[0]?.why], ['unknown', 'protected']);
    assert.ok(receipt.skipped.some(({ reason }) => reason === 'protected'));
  });

  it('that may not be told of is not named, and nothing follows from it', async () => {
    for (const condition of ['sysctl:kernel.a = 1', 'sysctl:kernel.a != 1']) {
      const { hits, foundanything } = await askAll(
        { s1: { settings: [condition], when: 'boot' } },
        undefined,
        {},
        { rules: [{ ...counted, mayTell: false }], contents: [], questions: 60 },
      );
      assert.deepEqual([hits, foundanything], [[], false]);
    }
  });

  it('may be the key itself', async () => {
    const rule = { glob: `${host.root}/srv/**`, mayRead: false, mayTell: false };
    const { hits } = await ask(['mount:/srv/secret set'], rule);
    assert.deepEqual(
      hits.map(({ holds, why, from }) => [holds, why, from]),
      [['unknown', 'protected', undefined]],
    );
  });
});
