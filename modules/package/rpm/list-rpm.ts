/** The packages of rpm. */
import type { Host } from '../../kit/files/host.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import { LocalNames } from '../../kit/packages/local-names.ts';
import { readRpm } from '../../kit/packages/rpm/database.ts';
import { expectedOfRpm } from '../../kit/packages/rpm/expected.ts';
import type { PackageFiles } from '../altered/altered-files.ts';
import type { PackageRow } from '../columns.ts';
import type { WantedFiles } from '../files/wanted.ts';
import { toRow } from './row.ts';

/** @returns whether there is such a database. */
export function listRpm(
  host: Host,
  work: SourceWork,
  wanted: WantedFiles,
): AsyncGenerator<PackageRow | PackageFiles, boolean> {
  const names = wanted.alteredNames === undefined ? undefined : new LocalNames(host);
  return readRpm(host, work, (header) => {
    const row = toRow(header);
    if (row === undefined) return undefined;
    const listed: (PackageRow | PackageFiles)[] = [row];
    if (!wanted.isEmpty) for (const path of header.paths()) listed.push(...wanted.rowsOf(row, path));
    if (names !== undefined && wanted.verifies(row)) listed.push({ row, files: [...expectedOfRpm(header, names)] });
    return listed;
  });
}
