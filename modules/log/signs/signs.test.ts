/** Holes and altered logs of a host made for the test. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type Entry, firstRealtime, noSystemd, writeJournal } from '../../../native/journal/testing/journal-files.ts';
import { layoutOf } from '../../kit/logins/records.ts';
import { makeHost } from '../../kit/testing/host.ts';
import { module } from '../module.ts';
import { askerOfHost } from '../testing/host.ts';
import { NumberGaps } from './number-gaps.ts';

const passwd = { '/etc/passwd': 'root:x:0:0::/:/bin/sh\n' };

async function signsOf(files: Readonly<Record<string, string | Buffer>>, search: object = {}) {
  const host = makeHost({ ...passwd, ...files });
  const { hits } = await askerOfHost(host).ask({ signs: true, ...search });
  return hits.map(({ source, sign, count, files: paths = [] }) => [
    source,
    sign,
    count,
    ...paths.map((path) => path.slice(host.root.length)),
  ]);
}

describe('a text log', () => {
  for (const [name, text, expected] of [
    ['in order has none', 'Jan 31 07:00:00 h a: x\nJan 31 07:00:00 h a: x\nFeb  1 00:00:00 h a: x\n', []],
    ['may be late by a minute', '2026-01-31T07:01:00Z x\n2026-01-31T07:00:00Z x\n', []],
    [
      'runs backwards on one day',
      '2026-01-31T07:01:01Z x\n2026-01-31T07:00:00Z x\n',
      [['text', 'backwards', 1, '/var/log/a.log']],
    ],
    [
      'runs backwards over days',
      'Feb  1 07:00:00 h a: x\nJan 31 07:00:00 h a: x\nJan 31 06:00:00 h a: x\n',
      [['text', 'backwards', 2, '/var/log/a.log']],
    ],
    ['goes on over new year', 'Dec 31 07:00:00 h a: x\nJan  1 07:00:00 h a: x\n', []],
    ['goes on when summer time ends', '2026-10-25T02:59:00+02:00 x\n2026-10-25T02:00:00+01:00 x\n', []],
    [
      'has an overwritten part',
      `2026-01-31T07:00:00Z x\n${'\0'.repeat(100)}\n${'2026-01-31T08:00:00Z x\n'.repeat(100)}`,
      [['text', 'zeroed', 1, '/var/log/a.log']],
    ],
  ] as const)
    it(name, async () => assert.deepEqual(await signsOf({ '/var/log/a.log': text }), expected));
});

function record(seconds: number): Buffer {
  const bytes = Buffer.alloc(384);
  bytes.writeInt16LE(7, 0);
  bytes.write('root', 44);
  bytes.writeUInt32LE(seconds, 340);
  return bytes;
}

it('records of logins are zeroed, or run backwards', { skip: layoutOf(process.arch).utmpBytes !== 384 }, async () => {
  const wtmp = Buffer.concat([record(1_780_000_000), Buffer.alloc(768), record(1_780_000_100), record(1_770_000_000)]);
  assert.deepEqual(await signsOf({ '/var/log/wtmp': wtmp, '/var/log/wtmp.1': record(1_760_000_000) }), [
    ['login', 'backwards', 1, '/var/log/wtmp'],
    ['login', 'zeroed', 2, '/var/log/wtmp'],
  ]);
});

it('serial numbers of audit are missing', async () => {
  const log = [10, 12, 11, 15, 16].map((serial) => `type=X msg=audit(17698428${serial}.000:${serial}): a=b\n`).join('');
  const host = makeHost({ ...passwd, '/var/log/audit/audit.log': log });
  const { hits } = await askerOfHost(host).ask({ signs: true });
  assert.deepEqual(hits, [
    { source: 'audit', sign: 'missing', count: 2, first: 1_769_842_812_000, last: 1_769_842_815_000 },
  ]);
});

it('numbers that begin anew are no hole', () => {
  const missing: number[] = [];
  const gaps = new NumberGaps(({ count }) => missing.push(count));
  for (const serial of [50_000, 50_002, 50_001, 7, 8, 10]) gaps.add({ serial, timeMs: 0 });
  gaps.finish();
  assert.deepEqual(missing, [1]);
});

it('entries of the journal are missing', { skip: noSystemd }, async () => {
  const host = makeHost(passwd);
  const entries = Array.from(
    { length: 40 },
    (_, index): Entry => ({ realtime: firstRealtime + index * 1_000_000, fields: { MESSAGE: `m${index}` } }),
  );
  writeJournal(host.at('/var/log/journal/x'), entries, { compact: true, keyedHash: true }, 'system');
  const { hits } = await askerOfHost(host).ask({ signs: true, sources: ['journal'] });
  assert.deepEqual(hits, []);
});

it('a deleted log is still open in a process', async () => {
  const host = makeHost(passwd);
  for (const [pid, target] of [
    ['7', '/var/log/auth.log (deleted)'],
    ['8', '/var/log/auth.log (deleted)'],
    ['9', '/tmp/x (deleted)'],
    ['10', '/var/log/audit/audit.log (deleted)'],
  ] as const) {
    mkdirSync(host.at(`/proc/${pid}/fd`), { recursive: true });
    symlinkSync(target, host.at(`/proc/${pid}/fd/3`));
    symlinkSync(target, host.at(`/proc/${pid}/fd/4`));
  }
  const { hits } = await askerOfHost(host).ask({ signs: true });
  assert.deepEqual(
    hits.map(({ source, sign, count, files }) => [source, sign, count, files]),
    [
      ['audit', 'deleted', 1, ['/var/log/audit/audit.log']],
      ['text', 'deleted', 2, ['/var/log/auth.log']],
    ],
  );
});

it('signs are of the asked time', async () => {
  const files = { '/var/log/a.log': '2026-01-31T07:10:00Z x\n2026-01-31T07:00:00Z x\n' };
  assert.equal((await signsOf(files, { since: '2026-01-31' })).length, 1);
  assert.deepEqual(await signsOf(files, { since: '2026-02-01' }), []);
});

for (const filter of [{ contents: ['x'] }, { by: 'identifier' }, { units: ['x'] }, { fields: ['A=1'] }])
  it(`are asked for without ${Object.keys(filter)[0]}`, () => {
    const parsed = module.parameters.safeParse({ searches: { s1: { signs: true, ...filter } } });
    assert.equal(parsed.success, false);
  });
