/**
 * The packages of dpkg: its database, the journal of an interrupted run over it, and the one file for each package of
 * images without dpkg.
 */
import { join } from 'node:path';
import { readHostFile } from '../../kit/files/host-file.ts';
import { listHostFolder } from '../../kit/files/host-folder.ts';
import { SourceReport } from '../../kit/files/source-report.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import type { PackageRow } from '../columns.ts';
import type { WantedFiles } from '../files/wanted.ts';
import { FileLists, pathsOf } from './file-lists.ts';
import { InstallTimes } from './install-times.ts';
import { toRow } from './row.ts';
import { parseStanzas, type Stanza } from './stanza.ts';

/** The largest known databases have 5 MB. */
const mostBytes = 64 * 1024 * 1024;
const mostFiles = 20_000;

type Stanzas = Map<string, Stanza>;

/** A later stanza of a package takes the place of an earlier one. */
function addStanzas(stanzas: Stanzas, bytes: Buffer): number {
  let count = 0;
  for (const stanza of parseStanzas(bytes.toString('latin1'))) {
    stanzas.set(`${stanza.package}:${stanza.architecture}`, stanza);
    count += 1;
  }
  return count;
}

class DpkgReader {
  readonly stanzas: Stanzas = new Map();
  isThere = false;
  readonly #folder: string;
  readonly #work: SourceWork;
  readonly #report: SourceReport;

  constructor(root: string, work: SourceWork) {
    this.#folder = join(root, 'var/lib/dpkg');
    this.#work = work;
    this.#report = new SourceReport(work.findings, 'dpkg');
  }

  readStatus(): void {
    const path = join(this.#folder, 'status');
    const file = readHostFile(this.#work.gate, path, mostBytes);
    if (file.kind === 'unread') {
      if (file.reason === 'vanished') return;
      this.#report.unread(path, file.reason);
    } else {
      const isCut = file.bytes.length > 0 && file.bytes.at(-1) !== 0x0a;
      this.#report.read(path, addStanzas(this.stanzas, file.bytes), isCut ? 'read-error' : undefined);
    }
    this.isThere = true;
  }

  /** @param isMeant by the name of a file. */
  readFolder(name: string, isMeant: (name: string) => boolean): void {
    const path = join(this.#folder, name);
    const listed = listHostFolder(path, mostFiles);
    if (listed.kind === 'unread') {
      if (listed.reason === 'vanished') return;
      this.isThere = true;
      this.#report.unread(path, listed.reason);
      return;
    }
    const files = listed.names.filter(isMeant);
    let count = 0;
    let gap = listed.cut;
    for (const file of files) {
      const read = readHostFile(this.#work.gate, join(path, file), mostBytes);
      if (read.kind === 'unread') gap = read.reason;
      else count += addStanzas(this.stanzas, read.bytes);
      if (this.#work.signal.aborted) return;
    }
    // Mostly empty, and then no source.
    if (files.length === 0 && gap === undefined) return;
    this.isThere = true;
    this.#report.read(path, count, gap);
  }
}

function* listFiles(row: PackageRow, stanza: Stanza, lists: FileLists, wanted: WantedFiles): Generator<PackageRow> {
  const list = lists.read(stanza, 'list');
  if (list === undefined || !lists.mayHave(list, wanted)) return;
  for (const path of pathsOf(list)) yield* wanted.rowsOf(row, lists.diversions.placeOf(stanza.package ?? '', path));
}

/** @returns whether there is such a database. */
export function* listDpkg(root: string, work: SourceWork, wanted: WantedFiles): Generator<PackageRow, boolean> {
  const reader = new DpkgReader(root, work);
  reader.readStatus();
  reader.readFolder('status.d', (name) => !name.endsWith('.md5sums'));
  reader.readFolder('updates', (name) => /^\d+$/.test(name));
  const times = work.asked.has('installed') ? new InstallTimes(root) : undefined;
  const lists = wanted.isEmpty || !reader.isThere ? undefined : new FileLists(root, work, wanted);
  for (const stanza of reader.stanzas.values()) {
    const row = toRow(stanza);
    if (row === undefined) continue;
    yield times === undefined ? row : { ...row, installed: times.of(stanza) };
    if (lists !== undefined) yield* listFiles(row, stanza, lists, wanted);
  }
  lists?.report();
  return reader.isThere;
}
