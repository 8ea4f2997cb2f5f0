import assert from 'node:assert/strict';
import { release, uptime } from 'node:os';
import { describe, it } from 'node:test';
import { askerOf, linesOf } from '../kit/testing/ask.ts';
import { module } from './module.ts';
import { run } from './run.ts';

const { ask } = askerOf(module, run);

describe('uptime', () => {
  it('tells since when this machine runs', async () => {
    const [machine, ...others] = (await ask({})).hits;
    assert.equal(others.length, 0);
    assert.ok(machine !== undefined);
    assert.ok(machine.kernel?.includes(release()));
    assert.ok(Math.abs((machine.uptime ?? 0) - uptime()) < 5);
    assert.ok(Math.abs((machine.boot ?? 0) + (machine.uptime ?? 0) * 1000 - Date.now()) < 5000);
  });

  it('is compared', async () => {
    assert.equal((await ask({ uptimes: ['>1s'], boots: ['>1s'], loads: ['0..'] })).hits.length, 1);
    assert.equal((await ask({ uptimes: ['>9999w'] })).hits.length, 0);
  });

  it('is one line', () => {
    const machine = { kernel: 'Linux 6.1.0', uptime: 1_479_600, boot: 1_769_842_800_000, load: 0.25, cpu: 8 };
    assert.deepEqual(linesOf(module, { s1: [machine] }), [
      'Linux 6.1.0 [uptime:17d3h, boot:2026-01-31 07:00:00 +0000 UTC, load:0.25, cpu:8]',
    ]);
  });
});
