/** What is said of the file of an entry, and of what it starts. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, symlinkSync, utimesSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Host } from '../kit/files/host.ts';
import { Gate } from '../kit/gate.ts';
import { makeHost } from '../kit/testing/host.ts';
import type { StartupEntry } from './entry.ts';
import { EntryRows } from './entry-rows.ts';
import type { Row } from './row.ts';

const host = makeHost({
  '/etc/cron.d/job': '',
  '/etc/open/job': '',
  '/usr/bin/tool': 'tool',
  '/usr/bin/open': '',
  '/usr/bin/new': '',
});
symlinkSync('/usr/bin/tool', host.at('/etc/alternative'));
chmodSync(host.at('/usr/bin/tool'), 0o4755);
chmodSync(host.at('/usr/bin/open'), 0o646);
chmodSync(host.at('/etc/open'), 0o777);
const [dayMs, now] = [86_400_000, Date.parse('2026-01-31T07:00:00Z')];
for (const [path, ageDays] of [
  ['/etc/cron.d/job', 5],
  ['/usr/bin/tool', 9],
  ['/usr/bin/new', 1],
] as const)
  utimesSync(host.at(path), (now - ageDays * dayMs) / 1000, (now - ageDays * dayMs) / 1000);

const skips: string[] = [];
const findings = { skip: (reason: string) => skips.push(reason), source: () => {}, noteNaming: () => {} };
const job: StartupEntry = { kind: 'cron', name: 'job', path: '/etc/cron.d/job', states: ['enabled'], trigger: 'timer' };

function rowOf(entry: Partial<StartupEntry>, ...asked: readonly string[]): Row {
  const work = { gate: new Gate(undefined), findings };
  return new EntryRows(new Host(host.root, work), new Set(asked)).toRow({ ...job, ...entry });
}

describe('an entry', () => {
  const states: readonly (readonly [Partial<StartupEntry>, ...words: string[]])[] = [
    [{}, 'enabled'],
    [{ target: '/usr/bin/tool' }, 'enabled'],
    [{ target: '/usr/bin/gone' }, 'enabled', 'missing'],
    [{ target: '/usr/bin/open' }, 'enabled', 'writable'],
    [{ path: '/etc/open/job' }, 'enabled', 'writable'],
    [{ target: '/etc/alternative' }, 'enabled'],
  ];
  for (const [entry, ...words] of states)
    it(`${JSON.stringify(entry)} is ${words.join(' ')}`, () => assert.deepEqual(rowOf(entry).state, words));

  it('has the permissions of its target, through links of the host', () =>
    assert.equal(rowOf({ target: '/etc/alternative' }).mode, '4755'));

  it('has the later of both times', () => {
    assert.equal(rowOf({ target: '/usr/bin/tool' }).changed, now - 5 * dayMs);
    assert.equal(rowOf({ target: '/usr/bin/new' }).changed, now - dayMs);
  });

  it('has the digest of its target only when it is asked for', () => {
    const digest = createHash('sha256').update('tool').digest('hex');
    assert.equal(rowOf({ target: '/usr/bin/tool' }).sha256, undefined);
    assert.equal(rowOf({ target: '/usr/bin/tool' }, 'sha256').sha256, digest);
    assert.equal(rowOf({ target: '/usr/bin/gone' }, 'sha256').sha256, undefined);
  });

  it('has a digest that is unknown, and not none, where a folder is in its place', () => {
    skips.length = 0;
    assert.equal(rowOf({ target: '/usr/bin' }, 'sha256').sha256, null);
    assert.deepEqual(skips, ['read-error']);
  });

  it('never tells a password in its command, whatever quotes it', () => {
    const said = rowOf({ command: `sh -c "mysql -uroot -phunter2 db" && curl -u 'a:hunter2' https://h` }).command;
    assert.ok(said?.includes('mysql -uroot') && !said.includes('hunter2'), said ?? '');
  });

  it('escapes what is no UTF-8', () => assert.equal(rowOf({ command: 'run \xff' }).command, 'run \\xff'));
});
