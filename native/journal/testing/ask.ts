/** Questions to the reader of journal files. */
import { type JournalScan, type JournalSearch, type JournalTest, native } from '../../index.ts';
import type { Counted } from './journal-files.ts';

export const matching = (pattern: string, field = 'MESSAGE'): JournalTest => ({
  fields: [field],
  value: { kind: 'pattern', pattern },
  invert: false,
});

export const being = (field: string, ...values: string[]): JournalTest => ({
  fields: [field],
  value: { kind: 'values', values },
  invert: false,
});

export const not = (test: JournalTest): JournalTest => ({ ...test, invert: true });

export function searchFor(tests: readonly JournalTest[], more: Partial<JournalSearch> = {}): JournalSearch {
  return {
    tests,
    sinceMs: Number.NEGATIVE_INFINITY,
    untilMs: Number.POSITIVE_INFINITY,
    by: null,
    maximumValues: 1000,
    ...more,
  };
}

export function readJournals(
  paths: readonly string[],
  searches: readonly JournalSearch[],
  everyEntry = true,
): Promise<JournalScan> {
  return native().startJournal({ paths, everyEntry, searches, cpuPercent: 0, seconds: 0 }).done;
}

/** The answer of one search, as journalctl has it. */
export async function count(path: string, search: JournalSearch, everyEntry = true): Promise<Counted> {
  const { searches } = await readJournals([path], [search], everyEntry);
  const [answer] = searches;
  if (answer === undefined) throw new Error('expected an answer for the search');
  const { matched, firstMs, lastMs } = answer;
  return { matched, firstMs, lastMs };
}
