/** Reads what starts by itself: files only, nothing is asked of systemd or any other program. */
import { Host, type HostWork } from '../kit/files/host.ts';
import { runListing } from '../kit/listing/run-listing.ts';
import type { StartupEntry } from './entry.ts';
import { EntryRows } from './entry-rows.ts';
import { otherMechanisms } from './mechanisms/all.ts';
import { module } from './module.ts';
import type { Row } from './row.ts';
import { listGenerators } from './units/list-generators.ts';
import { listUnits } from './units/list-units.ts';

interface StartupWork extends HostWork {
  readonly asked: ReadonlySet<string>;
}

const mechanisms: readonly ((host: Host) => Generator<StartupEntry>)[] = [
  listUnits,
  listGenerators,
  ...otherMechanisms,
];

/** @param root of the host's files. */
export function rowsBelow(root: string): (work: StartupWork) => Generator<Row> {
  return function* (work) {
    const host = new Host(root, work);
    const rows = new EntryRows(host, work.asked);
    for (const list of mechanisms) for (const entry of list(host)) yield rows.toRow(entry);
  };
}

export const run = runListing(module, rowsBelow('/'));
