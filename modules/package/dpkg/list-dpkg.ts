/** The packages of dpkg. */
import type { Host } from '../../kit/files/host.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import { type DpkgDatabase, readDpkg } from '../../kit/packages/dpkg/database.ts';
import { expectedOfDpkg } from '../../kit/packages/dpkg/expected.ts';
import { findListed, type ListedPath } from '../../kit/packages/dpkg/file-lists.ts';
import type { Stanza } from '../../kit/packages/dpkg/stanza.ts';
import type { PackageFiles } from '../altered/altered-files.ts';
import type { PackageRow } from '../columns.ts';
import type { WantedFiles } from '../files/wanted.ts';
import { InstallTimes } from './install-times.ts';
import { toRow } from './row.ts';

type ListedFiles = ReadonlyMap<string, readonly ListedPath[]>;

/** By the name of the list. */
async function findFiles(host: Host, work: SourceWork, wanted: WantedFiles): Promise<ListedFiles> {
  const files = new Map<string, ListedPath[]>();
  if (wanted.isEmpty) return files;
  for (const file of await findListed(host, work, wanted.question)) {
    const known = files.get(file.list);
    if (known === undefined) files.set(file.list, [file]);
    else known.push(file);
  }
  return files;
}

/** A list has the architecture in its name where several may be installed. */
function filesOf(files: ListedFiles, { package: name = '', architecture = '' }: Stanza): readonly ListedPath[] {
  return files.get(name) ?? files.get(`${name}:${architecture}`) ?? [];
}

/** Of the packages that are there and that the question is about. */
async function* listExpected(
  host: Host,
  work: SourceWork,
  wanted: WantedFiles,
  database: DpkgDatabase,
): AsyncGenerator<PackageFiles> {
  const isMeant = (stanza: Stanza): boolean => {
    const row = toRow(stanza);
    return row !== undefined && wanted.verifies(row);
  };
  for await (const { stanza, files } of expectedOfDpkg(host, work, database, isMeant)) {
    const row = toRow(stanza);
    if (row !== undefined) yield { row, files };
  }
}

/** @returns whether there is such a database. */
export async function* listDpkg(
  host: Host,
  work: SourceWork,
  wanted: WantedFiles,
): AsyncGenerator<PackageRow | PackageFiles, boolean> {
  const database = readDpkg(host, work.signal);
  if (!database.isThere) return false;
  const times = work.asked.has('installed') ? new InstallTimes(host.at('/')) : undefined;
  const files = await findFiles(host, work, wanted);
  for (const stanza of database.stanzas) {
    const row = toRow(stanza);
    if (row === undefined) continue;
    yield times === undefined ? row : { ...row, installed: times.of(stanza) };
    for (const { place } of filesOf(files, stanza)) yield* wanted.rowsOf(row, place);
  }
  if (wanted.alteredNames !== undefined) yield* listExpected(host, work, wanted, database);
  return true;
}
