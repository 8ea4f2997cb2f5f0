/** Reads what starts by itself: files only, nothing is asked of systemd or any other program. */
import { Host } from '../kit/files/host.ts';
import { runListing, type SourceWork } from '../kit/listing/run-listing.ts';
import type { StartupEntry } from './entry.ts';
import { EntryRows } from './entry-rows.ts';
import { otherMechanisms } from './mechanisms/all.ts';
import { module } from './module.ts';
import { Ownership, ownershipColumns } from './ownership.ts';
import type { Row } from './row.ts';
import { listGenerators } from './units/list-generators.ts';
import { listUnits } from './units/list-units.ts';

const mechanisms: readonly ((host: Host) => Generator<StartupEntry>)[] = [
  listUnits,
  listGenerators,
  ...otherMechanisms,
];

/** Room for a large server; what is beyond it stands in the receipt. */
const mostEntries = 100_000;

function* listEntries(host: Host, { findings }: SourceWork): Generator<StartupEntry> {
  let count = 0;
  for (const list of mechanisms)
    for (const entry of list(host)) {
      if (count === mostEntries) {
        findings.skip('size-limit');
        return;
      }
      count += 1;
      yield entry;
    }
}

/** @param root of the host's files. */
export function rowsBelow(root: string): (work: SourceWork) => AsyncGenerator<Row> {
  return async function* (work) {
    const host = new Host(root, work);
    const rows = new EntryRows(host, work.asked);
    if (!ownershipColumns.some((column) => work.asked.has(column))) {
      for (const entry of listEntries(host, work)) yield rows.toRow(entry);
      return;
    }
    // The databases of packages are read once, for all entries.
    const entries = [...listEntries(host, work)];
    const ownership = await Ownership.read(root, host, work, entries);
    for (const entry of entries) yield { ...rows.toRow(entry), ...ownership.of(entry) };
  };
}

export const run = runListing(module, rowsBelow('/'));
