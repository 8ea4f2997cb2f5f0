/** The packages of rpm. */
import type { Host } from '../../kit/files/host.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import { readRpm } from '../../kit/packages/rpm/database.ts';
import type { PackageRow } from '../columns.ts';
import type { WantedFiles } from '../files/wanted.ts';
import { toRow } from './row.ts';

/** @returns whether there is such a database. */
export function listRpm(host: Host, work: SourceWork, wanted: WantedFiles): AsyncGenerator<PackageRow, boolean> {
  return readRpm(host, work, (header) => {
    const row = toRow(header);
    if (row === undefined || wanted.isEmpty) return row && [row];
    const rows = [row];
    for (const path of header.paths()) rows.push(...wanted.rowsOf(row, path));
    return rows;
  });
}
