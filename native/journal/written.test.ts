/** The reader of journal files beside journalctl, on files of our own writer: every form of packing, and damage. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { native } from '../index.ts';
import { being, count, matching, readJournals, searchFor } from './testing/ask.ts';
import { askJournalctl, firstRealtime, hasJournalctl } from './testing/journal-files.ts';
import { type Compression, writeJournalFile } from './testing/journal-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'mig-written-'));
after(() => rmSync(folder, { recursive: true }));
const hasXz = spawnSync('xz', ['--version']).status === 0;
if (!hasXz) process.stderr.write('SKIPPED: xz is not installed, journals packed with it were NOT read\n');
if (!hasJournalctl) process.stderr.write('SKIPPED: journalctl is not installed, written journals were NOT compared\n');

let made = 0;

/** A folder with one file. */
function place(bytes: Buffer, name = 'written.journal'): string {
  made += 1;
  const path = join(folder, String(made));
  mkdirSync(path);
  writeFileSync(join(path, name), bytes);
  return path;
}

const texts = ['session opened', 'session closed', 'error: disk full'];
const entries = Array.from({ length: 120 }, (_, index) => ({
  realtime: firstRealtime + index * 1000,
  payloads: [
    `MESSAGE=${texts[index % 3]} ${'of a long kind '.repeat(index % 5)}${index}`,
    `SYSLOG_IDENTIFIER=${index % 4 === 0 ? 'sshd' : 'a daemon with a name that is longer than the limit of packing'}`,
    `PRIORITY=${index % 8}`,
  ],
}));

const compressions: readonly Compression[] = ['none', 'zstd', 'lz4', ...(hasXz ? (['xz'] as const) : [])];

/** The offset of the entry with this number: the writer puts its time behind it. */
function findEntry(bytes: Buffer, number: number): number {
  const wanted = Buffer.alloc(16);
  wanted.writeBigUInt64LE(BigInt(number));
  wanted.writeBigUInt64LE(BigInt(firstRealtime + (number - 1) * 1000), 8);
  return bytes.indexOf(wanted) - 16;
}

describe('written journal files', () => {
  for (const compression of compressions)
    for (const compact of [false, true]) {
      const path = place(writeJournalFile(entries, { compact, compression }));
      const long = 'a daemon with a name that is longer than the limit of packing';
      for (const [name, search, filters] of [
        ['all', searchFor([]), []],
        ['a pattern', searchFor([matching('opened.*kind \\d+$')]), ['-g', 'opened.*kind \\d+$']],
        ['a value', searchFor([being('SYSLOG_IDENTIFIER', 'sshd')]), ['SYSLOG_IDENTIFIER=sshd']],
        ['a packed value', searchFor([being('SYSLOG_IDENTIFIER', long)]), [`SYSLOG_IDENTIFIER=${long}`]],
        ['both', searchFor([being('PRIORITY', '3'), matching('disk')]), ['PRIORITY=3', '-g', 'disk']],
      ] as const)
        it(`${compression}, ${compact ? 'compact' : 'regular'}: ${name} as journalctl`, {
          skip: !hasJournalctl,
        }, async () => {
          const expected = askJournalctl(path, filters);
          assert.ok(expected.matched > 0);
          assert.deepEqual(await count(path, search), expected);
          assert.deepEqual(await count(path, search, false), expected, 'by the index of the file');
        });
    }
});

describe('damaged journal files', () => {
  const whole = writeJournalFile(entries, { compact: true, compression: 'lz4' });

  it('are counted as far as they go wherever they are cut off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (bytes) => {
        const path = place(whole.subarray(0, bytes));
        const { files, searches } = await readJournals([path], [searchFor([])]);
        const [file] = files;
        assert.ok(file !== undefined);
        if (file.kind === 'failed') return assert.deepEqual([file.reason, bytes < 208], ['malformed', true]);
        assert.ok(file.kind === 'read' && file.damage === 'truncated');
        assert.ok(file.entries <= entries.length && searches[0]?.matched === file.entries);
      }),
      { numRuns: 60 },
    );
  });

  it('never count more than there is, whatever is written over them', async () => {
    const change = fc.record({ at: fc.nat(whole.length - 1), bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), fc.boolean(), async (changes, everyEntry) => {
        const bytes = Buffer.from(whole);
        for (const { at, bytes: over } of changes) bytes.set(over.subarray(0, bytes.length - at), at);
        const path = place(bytes);
        const search = searchFor([being('PRIORITY', '3'), matching('session')], {
          by: { kind: 'field', field: 'PRIORITY' },
        });
        const { searches } = await readJournals([path], [search, searchFor([])], everyEntry);
        // An object takes at least 64 bytes.
        assert.ok((searches[1]?.matched ?? 0) <= bytes.length / 64);
      }),
      { numRuns: 150 },
    );
  });

  it('are read on behind an object that makes no sense', async () => {
    const bytes = Buffer.from(whole);
    const search = searchFor([matching('session opened')]);
    const before = await count(place(whole), search);
    // The first entry's message, which only that entry has.
    const message = bytes.indexOf('MESSAGE=session opened');
    bytes.writeBigUInt64LE(1n << 40n, message - 72 + 8);
    const { files, searches } = await readJournals([place(bytes)], [search]);
    const [file] = files;
    assert.ok(file?.kind === 'read');
    assert.equal(file.damage, 'corrupted');
    assert.equal(file.entries, entries.length);
    assert.equal(searches[0]?.matched, before.matched - 1);
    assert.ok(file.unreadableObjects > 0);
  });

  for (const [name, at, value, reason] of [
    ['of an unknown form', 12, 0x80, 'unsupported'],
    ['in an unknown state', 16, 9, 'unsupported'],
    ['that are none', 0, 0, 'malformed'],
  ] as const)
    it(`${name} are told as ${reason}`, async () => {
      const bytes = Buffer.from(whole);
      bytes[at] = value;
      const { files } = await readJournals([place(bytes)], [searchFor([])]);
      assert.deepEqual(
        files.map((file) => file.kind === 'failed' && file.reason),
        [reason],
      );
    });
});

describe('several journal files', () => {
  const whole = writeJournalFile(entries, { compact: true, compression: 'none' });

  it('count an entry that two of them have once', async () => {
    const path = place(whole);
    writeFileSync(join(path, 'copy@1.journal~'), whole);
    const { files, searches } = await readJournals([path], [searchFor([])]);
    assert.equal(searches[0]?.matched, entries.length);
    assert.deepEqual(
      files.map((file) => file.kind === 'read' && [file.entries, file.duplicates]),
      [
        [entries.length, 0],
        [0, entries.length],
      ],
    );
  });

  it('show which entries are in none of them', async () => {
    const bytes = Buffer.from(whole);
    // Numbers 41 to 50 become others: as if ten entries had been cut out.
    for (let number = 41; number <= entries.length; number += 1) {
      const entry = findEntry(whole, number);
      bytes.writeBigUInt64LE(BigInt(number + 10), entry + 16);
    }
    const { sequences } = await readJournals([place(bytes)], [searchFor([])]);
    const [sequence] = sequences;
    assert.ok(sequence !== undefined);
    assert.deepEqual(sequence.gaps, [
      {
        from: '41',
        to: '50',
        beforeMs: (firstRealtime + 39 * 1000) / 1000,
        afterMs: (firstRealtime + 40 * 1000) / 1000,
      },
    ]);
    assert.deepEqual([sequence.missing, sequence.gapCount, sequence.to], [10, 1, String(entries.length + 10)]);
  });

  it('are passed over where their header says that they are outside of the asked times', async () => {
    const path = place(whole);
    const { files, searches } = await readJournals([path], [searchFor([], { sinceMs: firstRealtime })]);
    assert.deepEqual([files[0]?.kind, searches[0]?.matched], ['outside', 0]);
  });

  it('are those of a folder and of the folders in it; others and links are not read', async () => {
    const path = join(folder, 'tree');
    mkdirSync(join(path, 'machine', 'deeper'), { recursive: true });
    writeFileSync(join(path, 'machine', 'a.journal'), whole);
    writeFileSync(join(path, 'machine', 'deeper', 'b.journal'), whole);
    writeFileSync(join(path, 'machine', 'notes.txt'), whole);
    symlinkSync('a.journal', join(path, 'machine', 'link.journal'));
    const { files } = await readJournals([path, path, join(path, 'missing')], [searchFor([])]);
    assert.deepEqual(
      files.map((file) => [file.path.slice(path.length), file.kind === 'failed' ? file.reason : file.kind]),
      [
        ['/machine/a.journal', 'read'],
        ['/machine/link.journal', 'special-file'],
      ],
    );
  });

  it('that the rules protect are not read', async () => {
    const path = place(whole);
    const plan = { paths: [path], everyEntry: true, searches: [searchFor([])], cpuPercent: 0, seconds: 0 };
    const protectedPatterns = [{ glob: `${path}/*.journal`, mayRead: false, mayTell: true }];
    const { files, searches } = await native().startJournal({ ...plan, protectedPatterns }).done;
    assert.deepEqual(
      files.map((file) => file.kind === 'failed' && file.reason),
      ['protected'],
    );
    assert.equal(searches[0]?.matched, 0);
  });

  it('are read until the question is cancelled', async () => {
    const job = native().startJournal({
      paths: [place(whole)],
      everyEntry: true,
      searches: [searchFor([])],
      cpuPercent: 0,
      seconds: 0,
    });
    job.cancel();
    const { stopped } = await job.done;
    assert.equal(stopped, 'cancelled');
  });
});

describe('questions about journals', () => {
  const valid = searchFor([matching('a(b)')]);
  for (const [name, search] of [
    ['a pattern that is none', searchFor([matching('(')])],
    ['no field', searchFor([{ ...matching('a'), fields: [] }])],
    ['a field with an equals sign', searchFor([being('A=B', 'c')])],
    ['a group that the pattern does not have', { ...valid, by: { kind: 'group', test: 0, group: 2 } }],
    ['a group of a test that is not there', { ...valid, by: { kind: 'group', test: 1, group: 1 } }],
    ['a field without a name', { ...valid, by: { kind: 'field', field: '' } }],
  ] as const)
    it(`with ${name} are refused`, () => {
      assert.throws(() => readJournals([folder], [search]), { code: 'bad-plan' });
    });
  it('about a path that is not absolute are refused', () => {
    assert.throws(() => readJournals(['journal'], [valid]), { code: 'bad-plan' });
  });
});
