/** The reader of journal files beside journalctl, on files that systemd writes. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { JournalSearch } from '../index.ts';
import { being, count, matching, not, readJournals, searchFor } from './testing/ask.ts';
import {
  askJournalctl,
  type Entry,
  firstRealtime,
  journalsOf,
  noSystemd,
  writeJournal,
} from './testing/journal-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'mig-journal-'));
after(() => rmSync(folder, { recursive: true }));

const secondBoot = 'b'.repeat(32);
const words = ['session opened', 'session closed', 'Failed password for root from 10.0.0.1', 'Grüße', 'täglich'];

/** Every form of value in turn: short, long enough to be packed, long and no text, several lines, several values, none. */
function makeEntries(entries: number): Entry[] {
  return Array.from({ length: entries }, (_, index): Entry => {
    const word = words[index % words.length] ?? '';
    const messages: Record<number, Entry['fields']> = {
      3: { MESSAGE: `${word} ${'long '.repeat(200)}${index}` },
      4: { MESSAGE: `first line\n${word}\nthird ${index % 50}` },
      5: { MESSAGE: Buffer.from(`\x00\xff${word}\x80`, 'latin1') },
      6: { MESSAGE: [`one ${word}`, 'two'] },
      7: { UNIT: 'no-message.service' },
      8: { MESSAGE: `${'x'.repeat(70_000)} ${word} ${index}` },
    };
    return {
      // The clock goes back at the second boot.
      realtime: firstRealtime + (index < entries / 2 ? index : index - entries / 4) * 1_000_001,
      ...(index < entries / 2 ? {} : { boot: secondBoot }),
      fields: {
        PRIORITY: String(index % 8),
        SYSLOG_IDENTIFIER: index % 3 === 0 ? 'sshd' : 'cron',
        _PID: String(index % 17),
        ...(messages[index % 10] ?? { MESSAGE: `${word} ${index}` }),
      },
    };
  });
}

const forms = [false, true].flatMap((compact) => [false, true].map((keyedHash) => ({ compact, keyedHash })));
const fromMs = (firstRealtime + 20 * 1_000_001) / 1000;
const toMs = (firstRealtime + 60 * 1_000_001) / 1000;

const questions: readonly { readonly name: string; readonly search: JournalSearch; readonly filters: string[] }[] = [
  { name: 'every entry', search: searchFor([]), filters: [] },
  { name: 'a word', search: searchFor([matching('session')]), filters: ['-g', 'session'] },
  {
    name: 'a pattern with a literal',
    search: searchFor([matching('for (\\w+) from \\d+')]),
    filters: ['-g', 'for (\\w+) from \\d+'],
  },
  { name: 'a pattern without one', search: searchFor([matching('[0-9]{2}$')]), filters: ['-g', '[0-9]{2}$'] },
  {
    name: 'the beginning of a text of several lines',
    search: searchFor([matching('^first')]),
    filters: ['-g', '^first'],
  },
  { name: 'no beginning of a later line', search: searchFor([matching('^third')]), filters: ['-g', '^third'] },
  { name: 'letters beyond ASCII', search: searchFor([matching('tägl(ich|)$')]), filters: ['-g', 'tägl(ich|)$'] },
  { name: 'the end of a packed value', search: searchFor([matching('long 3$')]), filters: ['-g', 'long 3$'] },
  {
    name: 'an identifier',
    search: searchFor([being('SYSLOG_IDENTIFIER', 'sshd')]),
    filters: ['SYSLOG_IDENTIFIER=sshd'],
  },
  {
    name: 'an identifier and a pattern',
    search: searchFor([being('SYSLOG_IDENTIFIER', 'sshd'), matching('opened')]),
    filters: ['SYSLOG_IDENTIFIER=sshd', '-g', 'opened'],
  },
  {
    name: 'a priority or a more urgent one',
    search: searchFor([being('PRIORITY', '0', '1', '2', '3')]),
    filters: ['-p', '3'],
  },
  {
    name: 'several values of one field and another field',
    search: searchFor([being('_PID', '3', '4', '5'), being('SYSLOG_IDENTIFIER', 'cron')]),
    filters: ['_PID=3', '_PID=4', '_PID=5', 'SYSLOG_IDENTIFIER=cron'],
  },
  { name: 'a value that is nowhere', search: searchFor([being('_PID', '99')]), filters: ['_PID=99'] },
];

describe('journal files', { skip: noSystemd }, () => {
  for (const form of forms) {
    const name = `${form.compact ? 'compact' : 'regular'}, ${form.keyedHash ? 'keyed' : 'plain'} hashes`;
    const place = join(folder, name);
    if (noSystemd === false) writeJournal(place, makeEntries(400), form);
    for (const { name: question, search, filters } of questions)
      it(`${name}: ${question} as journalctl counts it`, async () => {
        const expected = askJournalctl(place, filters);
        assert.deepEqual(await count(place, search), expected);
        assert.deepEqual(await count(place, search, false), expected, 'by the index of the file');
      });
  }

  const place = join(folder, `${'compact'}, ${'keyed'} hashes`);

  it('reads only the entries that can match, where the index leads to few of them', async () => {
    const search = searchFor([being('_PID', '3'), matching('session')]);
    const all = await readJournals([place], [search], true);
    const few = await readJournals([place], [search], false);
    assert.deepEqual(few.searches, all.searches);
    assert.deepEqual([all.files[0]?.kind, few.files[0]?.kind], ['read', 'indexed']);
    assert.ok(few.bytes < all.bytes / 2, `${few.bytes} of ${all.bytes} bytes`);
  });

  it('counts only entries of the asked times', async () => {
    const expected = makeEntries(400).filter(({ realtime }) => realtime / 1000 >= fromMs && realtime / 1000 <= toMs);
    const { matched, firstMs, lastMs } = await count(place, searchFor([], { sinceMs: fromMs, untilMs: toMs }));
    assert.deepEqual({ matched, firstMs, lastMs }, { matched: expected.length, firstMs: fromMs, lastMs: toMs });
  });

  it('negates a test, and takes an entry without the field as one that does not match', async () => {
    const all = await count(place, searchFor([]));
    const some = await count(place, searchFor([matching('session')]));
    const others = await count(place, searchFor([not(matching('session'))]));
    assert.equal(others.matched, all.matched - some.matched);
  });

  it('answers several searches in one reading as one by one', async () => {
    const searches = questions.map(({ search }) => search);
    const together = await readJournals([place], searches);
    for (const [index, search] of searches.entries()) {
      const { matched, firstMs, lastMs } = together.searches[index] ?? assert.fail('expected an answer');
      assert.deepEqual({ matched, firstMs, lastMs }, await count(place, search));
    }
  });

  it('tells of the file what it has: boots, and where the clock went back', async () => {
    const { files } = await readJournals([place], [searchFor([])]);
    const [file] = files;
    assert.ok(file?.kind === 'read');
    assert.deepEqual(
      file.boots.map(({ id, entries }) => ({ id, entries })),
      [
        { id: 'a'.repeat(32), entries: 200 },
        { id: secondBoot, entries: 200 },
      ],
    );
    assert.equal(file.backwardSteps, 1);
    assert.equal(file.damage, null);
    assert.equal(file.unreadableObjects, 0);
  });

  it('looks at every value of a field that an entry has several times', async () => {
    assert.equal((await count(place, searchFor([matching('^two$')]))).matched, 40);
  });

  it('counts by a field, and by a group of a pattern', async () => {
    const search = searchFor([matching('from (\\d+\\.\\d+\\.\\d+\\.\\d+)')], {
      by: { kind: 'group', test: 0, group: 1 },
    });
    const byField = searchFor([], { by: { kind: 'field', field: '_PID' }, maximumValues: 5 });
    const { searches } = await readJournals([place], [search, byField]);
    const [group, field] = searches;
    assert.deepEqual(
      group?.groups.map(({ value, count: times }) => [Buffer.from(value).toString(), times]),
      [['10.0.0.1', group?.matched]],
    );
    assert.equal(field?.groups.length, 5);
    const counted = field?.groups.reduce((sum, { count: times }) => sum + times, 0) ?? 0;
    assert.equal(counted + (field?.others ?? 0), 400);
  });

  it('reads a file that was cut off as far as it goes, and says so', async () => {
    const cut = join(folder, 'cut');
    writeJournal(cut, makeEntries(400), { compact: true, keyedHash: true });
    const [file = ''] = journalsOf(cut);
    const tailObject = Number(readFileSync(file).readBigUInt64LE(136));
    truncateSync(file, tailObject - 60_000);
    const { files, searches } = await readJournals([cut], [searchFor([])]);
    const [answer] = files;
    assert.ok(answer?.kind === 'read');
    assert.equal(answer.damage, 'truncated');
    assert.ok(answer.entries > 10 && answer.entries < 400, `${answer.entries} entries`);
    assert.equal(searches[0]?.matched, answer.entries);
  });
});
