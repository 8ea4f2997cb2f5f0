import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { native } from '../../native/index.ts';
import { Stopwatch } from '../../tests/stopwatch.ts';
import { startTarget, type TargetProcess } from '../kit/testing/target.ts';
import { ask } from './testing/ask.ts';

const pageBytes = 4096;
const chunkBytes = 512 * 1024;

function openReader(
  needles: readonly { readonly kind: 'bytes' | 'content'; readonly pattern: string }[],
  cpuPercent = 100,
) {
  const addon = native();
  if (addon.openMemoryReader === undefined || addon.openProcessReader === undefined) throw new Error('expected linux');
  return {
    memory: addon.openMemoryReader({
      scopes: [{ fromAddress: 0, maxBytes: 0 }],
      needles: needles.map((needle) => ({ ...needle, scope: 0 })),
      cpuPercent,
    }),
    processes: addon.openProcessReader(100),
  };
}

async function startTicksOf(pid: number): Promise<number> {
  const addon = native();
  const [facts] = (await addon.openProcessReader?.(100).read([pid]).done) ?? [];
  if (facts?.kind !== 'facts') throw new Error(`expected process ${pid}`);
  return facts.startTicks;
}

function readStatus(pid: number, field: string): number {
  const text = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1]);
}

/** Offsets of `count` texts of `sizeBytes`, mostly across borders of pages and of read chunks. */
function randomOffsets(count: number, sizeBytes: number, regionBytes: number): number[] {
  const slots = Array.from({ length: regionBytes / pageBytes - 1 }, (_, index) => index + 1);
  const chosen = Array.from({ length: count }, () => {
    const [slot = 1] = slots.splice(Math.floor(Math.random() * slots.length), 1);
    return slot;
  });
  return chosen.map((slot, index) => {
    const border = index % 3 === 0 ? Math.round((slot * pageBytes) / chunkBytes) * chunkBytes : slot * pageBytes;
    const near = border - Math.floor(Math.random() * (sizeBytes + 1));
    return Math.min(Math.max(near, 0), regionBytes - sizeBytes);
  });
}

describe('what lies across borders', () => {
  const regionBytes = 8 * 1024 * 1024;
  const rounds = 40;
  const perRound = 25;

  async function checkRound(target: TargetProcess, startTicks: number): Promise<void> {
    const texts = Array.from({ length: perRound }, () => randomBytes(12).toString('hex'));
    const { memory } = openReader(
      texts.map((text, index) =>
        index % 2 === 0
          ? { kind: 'bytes', pattern: Buffer.from(text).toString('hex') }
          : { kind: 'content', pattern: index % 4 === 1 ? `${text.slice(0, 12)}[0-9a-f]+${text.slice(18)}` : text },
      ),
    );
    const offsets: number[] = [];
    for (const [index, offset] of randomOffsets(perRound, 24, regionBytes).entries()) {
      // Two texts at the same border would overlap: the later one moves on.
      offsets.push(offsets.some((other) => Math.abs(other - offset) < 24) ? index * 30_011 + 13 : offset);
    }
    await target.send(...texts.map((text, index) => `put ${offsets[index]} ${Buffer.from(text).toString('hex')}`));
    const { hits } = await memory.search(
      target.pid,
      startTicks,
      texts.map((_, index) => index),
    ).done;
    const missed = texts.flatMap((text, index) =>
      hits.some(({ needle }) => needle === index) ? [] : [`${text} at ${offsets[index]}`],
    );
    assert.deepEqual(missed, []);
    await target.send(...offsets.map((offset) => `clear ${offset} 24`));
  }

  it(`finds all of ${rounds * perRound} random placements`, async () => {
    const target = await startTarget(['plant', String(regionBytes)]);
    const startTicks = await startTicksOf(target.pid);
    for (let round = 0; round < rounds; round += 1) await checkRound(target, startTicks);
  });

  it('finds a match of 30 KiB at every border of a chunk', async () => {
    const target = await startTarget(['plant', String(4 * chunkBytes)]);
    const startTicks = await startTicksOf(target.pid);
    const { memory } = openReader([{ kind: 'content', pattern: 'begin-of-it-x+end-of-it' }]);
    for (const border of [1, 2, 3]) {
      const start = border * chunkBytes - 15_000;
      const [head, tail] = ['begin-of-it-', 'end-of-it'].map((text) => Buffer.from(text).toString('hex'));
      await target.send(`put ${start} ${head}`, `put ${start + 30_000} ${tail}`);
      const { hits } = await memory.search(target.pid, startTicks, [0]).done;
      assert.equal(hits.length, 1, `border ${border}`);
      await target.send(`clear ${start} 12`, `clear ${start + 30_000} 9`);
      assert.equal((await memory.search(target.pid, startTicks, [0]).done).hits.length, 0);
    }
  });

  it('is matched by character where it is UTF-8, and by byte elsewhere', async () => {
    const target = await startTarget(['plant', String(3 * chunkBytes)]);
    const startTicks = await startTicksOf(target.pid);
    const texts = ['7a4dc3bc6c6c657221', '7a4dfc6d6d657221', 'ffff7a4df09f98806e6e657221ff'];
    await target.send(...texts.map((text, index) => `put ${(index + 1) * chunkBytes - 4} ${text}`));
    const patterns = [
      'zM.ller!',
      'zM[^u]ller!',
      'zM..ller!',
      'zM.mmer!',
      'zM.nner!',
      'zM\\xfcmmer!',
      'M...nner!',
      'zM\\xc3\\xbcller!',
    ];
    const { memory } = openReader(patterns.map((pattern) => ({ kind: 'content', pattern })));
    const { hits } = await memory.search(target.pid, startTicks, [...patterns.keys()]).done;
    assert.deepEqual(
      hits.map(({ needle }) => patterns[needle]).sort(),
      [...patterns].filter((one) => !one.includes('..')).sort(),
    );
  });

  it('does not take the end of a chunk for the end of a line or a word', async () => {
    const target = await startTarget(['plant', String(2 * chunkBytes)]);
    const startTicks = await startTicksOf(target.pid);
    const { memory } = openReader([
      { kind: 'content', pattern: 'unfinished$' },
      { kind: 'content', pattern: 'unfinished\\b' },
    ]);
    // For any end of a chunk, one of these ends with it; each continues with an x.
    const text = Buffer.from('unfinished').toString('hex');
    for (let page = 1; page < (2 * chunkBytes) / pageBytes; page += 1)
      await target.send(`put ${page * pageBytes - 10} ${text}`);
    assert.deepEqual((await memory.search(target.pid, startTicks, [0, 1]).done).hits, []);
  });
});

describe('what looking does to the process', () => {
  it('leaves the size of a mapping of 2 GiB with 10 MiB in use as it is', async () => {
    const pattern = randomBytes(16).toString('hex');
    const target = await startTarget(['sparse', String(2 * 1024 ** 3), String(10 * 1024 ** 2), pattern]);
    const startTicks = await startTicksOf(target.pid);
    const before = readStatus(target.pid, 'VmRSS');
    assert.ok(before >= 10 * 1024 && before < 100 * 1024, `expected about 10 MiB, got ${before} KiB`);
    const { memory } = openReader([
      { kind: 'bytes', pattern: pattern.replace(/..$/, '??') },
      { kind: 'content', pattern: 'no such text [a-z]+' },
    ]);
    const { hits, readBytes } = await memory.search(target.pid, startTicks, [0, 1]).done;
    assert.deepEqual(hits, [{ needle: 0, mapping: 'anonymous' }]);
    assert.ok(readBytes < 20 * 1024 ** 2, `read ${readBytes}`);
    assert.ok(readStatus(target.pid, 'VmRSS') - before < 64, 'resident size grew');
  });

  const hasSwap = readFileSync('/proc/swaps', 'latin1').trim().includes('\n');
  it('leaves swapped out what is swapped out, and counts it', {
    skip: hasSwap ? false : 'needs swap space',
  }, async () => {
    const sizeBytes = 16 * 1024 ** 2;
    const pattern = randomBytes(16).toString('hex');
    const target = await startTarget(['swap-out', String(sizeBytes), pattern], { name: 'mig-swapped' });
    const before = readStatus(target.pid, 'VmSwap');
    assert.ok(before > sizeBytes / 1024 / 2, `expected most to be swapped out, got ${before} KiB`);
    const { hits, statistics, receipt, errors } = await ask({
      names: ['^mig-swapped$'],
      bytes: [`${pattern.slice(0, 8)}??${pattern.slice(10)}`],
      options: { matchall: true },
    });
    assert.deepEqual(hits, []);
    assert.equal(statistics.memoryswapped, before * 1024);
    assert.equal(readStatus(target.pid, 'VmSwap'), before);
    assert.ok(receipt.skipped.some(({ reason, count }) => reason === 'not-resident' && count === 1));
    assert.match(errors.join('\n'), /are swapped out and were not read/);
  });

  it('leaves it running', async () => {
    const target = await startTarget(['plant', String(chunkBytes)]);
    const { memory } = openReader([{ kind: 'content', pattern: 'no such text' }]);
    await memory.search(target.pid, await startTicksOf(target.pid), [0]).done;
    assert.match(readFileSync(`/proc/${target.pid}/stat`, 'latin1'), /\) [SR] /);
    await target.send('put 0 00');
  });
});

describe('a search in memory', () => {
  /** Seconds for 256 MiB: the pattern has no literal, and its automaton never fits into the cache. */
  const slowest = { kind: 'content', pattern: '(x.{300}){2}[0-9]' } as const;

  it('finds what is protected against reading', async () => {
    const pattern = randomBytes(16).toString('hex');
    const target = await startTarget(['hide', pattern], { name: 'mig-hidden' });
    const { hits } = await ask({
      names: ['^mig-hidden$'],
      bytes: [`${pattern.slice(0, 8)}????${pattern.slice(12)}`],
      options: { matchall: true },
    });
    assert.deepEqual(
      hits.map(({ process }) => process.pid),
      [target.pid],
    );
  });

  it('looks from the offset on and no further than the length', async () => {
    const target = await startTarget(['wait', 'mig-is-on-the-stack'], { name: 'mig-offset' });
    const search = { names: ['^mig-offset$'], contents: ['mig-is-on-the-stack'] };
    const find = async (options: { readonly offset?: number; readonly maxlength?: number }) =>
      (await ask({ ...search, options: { matchall: true, ...options } })).hits.map(({ process }) => process.pid);
    assert.deepEqual(await find({}), [target.pid]);
    assert.deepEqual(await find({ offset: 0x7000_0000_0000 }), [target.pid]);
    assert.deepEqual(await find({ offset: 0x7fff_ffff_f000 }), []);
    assert.deepEqual(await find({ maxlength: pageBytes }), []);
  });

  it('gives each search its own offset', async () => {
    const target = await startTarget(['wait', 'mig-own-offset-text'], { name: 'mig-own-offset' });
    const { memory } = (() => {
      const addon = native();
      const open = addon.openMemoryReader;
      if (open === undefined) throw new Error('expected linux');
      const needles = [0, 1].map((scope) => ({ kind: 'content', pattern: 'mig-own-offset-text', scope }) as const);
      const scopes = [
        { fromAddress: 0x7fff_ffff_f000, maxBytes: 0 },
        { fromAddress: 0, maxBytes: 0 },
      ];
      return { memory: open({ scopes, needles, cpuPercent: 100 }) };
    })();
    const { hits } = await memory.search(target.pid, await startTicksOf(target.pid), [0, 1]).done;
    assert.deepEqual(
      hits.map(({ needle }) => needle),
      [1],
    );
  });

  it('says that the process is gone when another has its number', async () => {
    const target = await startTarget(['wait']);
    const { memory } = openReader([{ kind: 'content', pattern: 'ready' }]);
    const startTicks = await startTicksOf(target.pid);
    const { failure, hits } = await memory.search(target.pid, startTicks - 1, [0]).done;
    assert.deepEqual({ failure, hits }, { failure: { kind: 'failed', reason: 'vanished' }, hits: [] });
  });

  it('ends with what there is when the process ends meanwhile', async () => {
    const target = await startTarget(['plant', String(256 * 1024 ** 2)]);
    // So slow that the process ends first on any machine.
    const { memory } = openReader([slowest], 1);
    const search = memory.search(target.pid, await startTicksOf(target.pid), [0]);
    await target.end();
    const { failure } = await search.done;
    assert.deepEqual(failure, { kind: 'failed', reason: 'vanished' });
  });

  it('ends within 100 ms of the signal', async () => {
    const target = await startTarget(['plant', String(256 * 1024 ** 2)]);
    const { memory } = openReader([slowest]);
    const search = memory.search(target.pid, await startTicksOf(target.pid), [0]);
    // Into the middle of it.
    await setTimeout(30);
    const sinceCancel = new Stopwatch();
    search.cancel();
    const { failure } = await search.done;
    assert.deepEqual(failure, { kind: 'failed', reason: 'cancelled' });
    assert.ok(sinceCancel.processorMs < 100, `${sinceCancel.processorMs} ms`);
    assert.ok(sinceCancel.elapsedMs < 5000, `${sinceCancel.elapsedMs} ms`);
  });

  for (const [pattern, why] of [
    ['\\Afoo', 'a beginning'],
    ['foo\\z', 'an end'],
    ['a*', 'a match of nothing'],
    ['foo(', 'an open group'],
    ['\\C\\C', 'half characters'],
    ['(?:a{1000}){1000}', 'too many repetitions'],
  ] as const)
    it(`refuses a pattern with ${why}`, () => {
      assert.throws(() => openReader([{ kind: 'content', pattern }]), { code: 'bad-plan' });
    });
});
