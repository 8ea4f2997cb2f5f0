import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { isFailure } from '../kit/processes/process-entry.ts';
import { startTarget } from '../kit/testing/target.ts';
import { psSource } from './ps-source.ts';

const noPs = spawnSync('ps', ['--version']).error === undefined ? false : 'there is no ps here';

describe('processes by ps', { skip: noPs }, () => {
  it('are those that the native reader lists, as far as ps tells', async () => {
    const target = await startTarget(['wait', 'some', 'thing'], { name: 'mig-ps' });
    const entries = [];
    for await (const batch of psSource().entries(new AbortController().signal)) entries.push(...batch);
    const found = entries.find((entry) => entry.pid === target.pid);
    assert.ok(found !== undefined && !isFailure(found));
    assert.equal(Buffer.from(found.name).toString(), 'mig-ps');
    assert.equal(found.parentPid, process.pid);
    assert.equal(found.userId, String(process.getuid?.()));
    assert.deepEqual(found.arguments.map((part) => Buffer.from(part).toString()).slice(1), ['wait', 'some', 'thing']);
    assert.ok(Math.abs((found.startSeconds ?? 0) - Date.now() / 1000) < 60);
    assert.equal(found.executable.kind, 'file');
  });

  it('say in a note what they leave out', () => assert.equal(psSource().notes.length, 1));
});
