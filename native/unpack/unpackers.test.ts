/** Decoders taken over by a malicious file: only that file fails or has wrong content. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { eventually } from '../../tools/lab/eventually.ts';
import { provideTestProgram } from '../../tools/lab/test-program.ts';

const sources = [
  ...['fs/fs_posix.cc', 'fs/fs_linux.cc', 'fs/mounts.cc', 'fs/mounts_linux.cc'],
  ...['proc/mount_table_linux.cc', 'proc/system_linux.cc'],
  ...['call_program', 'call_filter', 'capabilities', 'closed_places', 'read_only'].map(
    (name) => `confine/${name}_linux.cc`,
  ),
  ...['exchange', 'remote_unpacker', 'rights', 'starter', 'unpackers', 'unpacking_process'].map(
    (name) => `unpack/${name}_linux.cc`,
  ),
  ...['process/limits_posix.cc', 'content/unpacker.cc', 'content/decoder.cc'],
  ...['unpack/testing/intruder.cpp', 'unpack/testing/takeover_check.cpp'],
];
const hasGcc = spawnSync('g++', ['--version']).status === 0;

type Report = ReadonlyMap<string, string>;

function toReport(text: string): Report {
  const lines = text.trim().split('\n');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]));
}

const untilGone = (process: string): Promise<void> =>
  eventually(() => !existsSync(`/proc/${process}`), 5000, `the end of process ${process}`);

describe('an unpacker that was taken over', { skip: process.platform !== 'linux' && 'on Linux only' }, () => {
  let program: string;
  let report: Report = new Map();

  const runProgram = (what: string): string => execFileSync(program, [what], { encoding: 'utf8', timeout: 60_000 });

  before(() => {
    program = provideTestProgram({
      name: 'takeover_check',
      compiler: hasGcc ? 'g++' : (process.env.CXX ?? 'c++'),
      flags: ['-O1', '-g', '-pthread'],
      sources,
    });
    report = toReport(runProgram('check'));
  });

  const assertReport = (expected: Readonly<Record<string, string>>): void => {
    const names = Object.keys(expected);
    assert.deepEqual(Object.fromEntries(names.map((name) => [name, report.get(name)])), expected);
  };

  it('has no capabilities, no descriptors, no new privileges, and neither has what started it', () => {
    for (const who of ['starter', 'unpacker'])
      assertReport({
        [`${who} Name`]: 'mig-unpacker',
        [`${who} CapPrm`]: '0'.repeat(16),
        [`${who} CapEff`]: '0'.repeat(16),
        [`${who} NoNewPrivs`]: '1',
        [`${who} Seccomp`]: '2',
        [`${who} descriptors`]: '0',
      });
  });

  it('is refused every call but those for its own memory, for waiting and for its end', () => {
    const calls = [...report].filter(([, outcome]) => /^(?:done|EPERM|\d+)$/.test(outcome)).map(([name]) => name);
    const tried = calls.slice(calls.indexOf('open'), calls.indexOf('time') + 1);
    assert.ok(tried.length > 30);
    assertReport(Object.fromEntries(tried.map((name) => [name, 'EPERM'])));
  });

  it('gets no more memory than the largest dictionary takes', () => {
    assert.ok(Number(report.get('memory')) <= 144, report.get('memory'));
    // Limits on data do not count these mappings.
    assertReport({ 'shared memory': '0', 'memory that grows': '0', 'memory made writable': '0' });
  });

  it('fails its file by its end and by every lie that can be seen, and the next file has another one', () => {
    for (const command of [
      ...['crash', 'exit', 'more than asked for', 'as much as there is', 'no such state', 'failed', 'other answers'],
      ...['more input than there is room for', 'killed within a file'],
    ])
      assertReport({ [command]: 'failed' });
    assertReport({ 'answer, then crash': 'finished', 'after the killed one': 'next' });
    assert.deepEqual(
      [...report.keys()].filter((name) => name.startsWith('the next after') && name !== 'the next after hang'),
      [],
    );
  });

  it('has what it shares with the module process, and nothing of what others share with it', () => {
    // 64 unpackers and their starter.
    assertReport({ 'shared objects': '65', reached: '1', grow: 'EPERM', neighbour: 'honest' });
  });

  it('is in the way of no other thread', () => assertReport({ '4 threads': 'right' }));

  it('is not waited for longer than the question is given, and ends with it', () => {
    assertReport({ hang: 'reading', 'the next after hang': 'failed', left: '0', starter: 'gone' });
  });

  it('is paid for out of the budget of the question', () => assertReport({ cpu: 'counted' }));

  it('unpacks under limits that were narrower before', () => {
    assert.equal(runProgram('limited'), 'honest: honest\n');
  });

  it('is one for each slot, however often a compromised module requests one', () => {
    assert.equal(runProgram('greedy'), 'processes: 1\n');
  });

  it('ends with the module process, however that ends', async () => {
    const { signal, stdout } = spawnSync(program, ['orphan'], { encoding: 'utf8', timeout: 60_000 });
    assert.equal(signal, 'SIGKILL');
    const processes = stdout
      .trim()
      .split('\n')
      .map((line) => line.replace('process: ', ''));
    assert.equal(processes.length, 3);
    await Promise.all(processes.map(untilGone));
  });
});
