/** Counts entries of systemd's journal beside journalctl, in compact files that systemd-journal-remote writes. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type JournalTest, native } from '../../../native/index.ts';
import { being, matching, readJournals, searchFor } from '../../../native/journal/testing/ask.ts';
import { type Entry, firstRealtime, noSystemd, writeJournal } from '../../../native/journal/testing/journal-files.ts';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { benchFolder } from '../corpus.ts';
import { median, runCommand } from '../measure.ts';
import type { RowResult } from '../row.ts';

const rounds = 5;
const form = { compact: true, keyedHash: true };
/** Of 50 entries: most are of the first, one is of the last. */
const identifiers = ['sshd', 'kernel', 'cron', 'backup'] as const;
const shares = [20, 35, 49, 50];

function makeEntry(index: number): Entry {
  const identifier = identifiers[shares.findIndex((share) => index % 50 < share)] ?? 'sshd';
  const [pid, host] = [300 + (index % 613), `10.0.${index % 251}.${index % 241}`];
  const login = `${index % 7 === 0 ? 'Failed password' : 'Accepted publickey'} for root from ${host} port ${1024 + (index % 60_000)} ssh2`;
  const other = `unit worker ${index} ended its request of ${index % 977} ms with status ok and left ${index % 89} in the queue`;
  return {
    realtime: firstRealtime + index * 450_000,
    fields: {
      _TRANSPORT: 'syslog',
      PRIORITY: String(3 + (index % 4)),
      SYSLOG_FACILITY: '3',
      SYSLOG_IDENTIFIER: identifier,
      SYSLOG_PID: String(pid),
      // One of a hundred is long enough to be packed.
      MESSAGE: `${identifier === 'sshd' ? login : other}${index % 100 === 0 ? ' and so on'.repeat(80) : ''}`,
      _PID: String(pid),
      _UID: '0',
      _GID: '0',
      _COMM: identifier,
      _EXE: `/usr/sbin/${identifier}`,
      _CMDLINE: `/usr/sbin/${identifier} -D`,
      _CAP_EFFECTIVE: '1ffffffffff',
      _SYSTEMD_CGROUP: `/system.slice/${identifier}.service`,
      _SYSTEMD_UNIT: `${identifier}.service`,
      _SYSTEMD_SLICE: 'system.slice',
      _MACHINE_ID: 'c'.repeat(32),
      _HOSTNAME: 'web1',
      _SOURCE_REALTIME_TIMESTAMP: String(firstRealtime + index * 450_000 - 37),
    },
  };
}

/** Made once. */
function provideJournals(name: string, files: number, entriesPerFile: number): string {
  const folder = join(benchFolder, `journal-${name}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  for (let file = 0; file < files; file += 1) {
    const entries = Array.from({ length: entriesPerFile }, (_, index) => makeEntry(file * entriesPerFile + index));
    writeJournal(unfinished, entries, form, `part-${file}`);
  }
  renameSync(unfinished, folder);
  return folder;
}

interface Question {
  readonly name: string;
  readonly corpus: () => string;
  readonly tests: readonly JournalTest[];
  readonly filters: readonly string[];
  readonly goal: number;
}

const large = (): string => provideJournals('200000', 1, 200_000);
const forty = (): string => provideJournals('forty-files', 40, 1500);
const pattern = 'Failed password for (\\w+) from';
const grep = ['-g', pattern, '--case-sensitive=true'];

const questions: readonly Question[] = [
  { name: 'journal-regex', corpus: large, tests: [matching(pattern)], filters: grep, goal: 0.25 },
  { name: 'journal-forty-files', corpus: forty, tests: [matching(pattern)], filters: grep, goal: 0.2 },
  {
    name: 'journal-identifier-regex',
    corpus: large,
    tests: [being('SYSLOG_IDENTIFIER', 'sshd'), matching(pattern)],
    filters: ['SYSLOG_IDENTIFIER=sshd', ...grep],
    goal: 0.3,
  },
  {
    name: 'journal-rare-identifier-regex',
    corpus: large,
    tests: [being('SYSLOG_IDENTIFIER', 'backup'), matching('status')],
    filters: ['SYSLOG_IDENTIFIER=backup', '-g', 'status', '--case-sensitive=true'],
    goal: 0.3,
  },
];

async function measureOnce(
  folder: string,
  { name, tests, filters }: Question,
): Promise<{ readonly ours: number; readonly peer: number }> {
  const { stdout, cpuSeconds } = runCommand([
    'journalctl',
    '-q',
    '-D',
    folder,
    '-o',
    'cat',
    '--output-fields=PRIORITY',
    ...filters,
  ]);
  const expected = stdout.split('\n').length - 1;
  const before = process.cpuUsage();
  const { searches } = await readJournals([folder], [searchFor(tests)], false);
  const { user, system } = process.cpuUsage(before);
  const matched = searches[0]?.matched;
  if (matched !== expected)
    throw new CodedError('bench-answer', `${name}: expected ${expected} entries as journalctl, got ${matched}`);
  return { ours: (user + system) / 1e6, peer: cpuSeconds };
}

async function measure(question: Question): Promise<RowResult> {
  const folder = question.corpus();
  await measureOnce(folder, question);
  const runs: { readonly ours: number; readonly peer: number }[] = [];
  for (let round = 0; round < rounds; round += 1) runs.push(await measureOnce(folder, question));
  const [ours, peer] = [median(runs.map((run) => run.ours)), median(runs.map((run) => run.peer))];
  const ratio = ours / peer;
  const { name, goal } = question;
  const isa = native().readInstructionSet();
  return { name, ours, peer, unit: 'CPU s', ratio, goal, met: ratio <= goal, isa, note: 'journalctl' };
}

export async function* rows(): AsyncIterable<RowResult> {
  if (noSystemd !== false) return;
  for (const question of questions) yield await measure(question);
}
