/** The packages of rpm, from whichever form of its database is there. Nothing is opened by a library, locked or written. */
import { join } from 'node:path';
import type { SkipReason } from '../../../protocol/result/result.ts';
import { type HostFile, openHostFile, toUnread } from '../../kit/files/host-file.ts';
import { isMalformed } from '../../kit/files/malformed.ts';
import { SourceReport } from '../../kit/files/source-report.ts';
import { Breather } from '../../kit/listing/breather.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import type { PackageRow } from '../columns.ts';
import type { WantedFiles } from '../files/wanted.ts';
import { readBerkeleyDb } from './berkeley-db.ts';
import { RpmHeader } from './header.ts';
import { readNdb } from './ndb.ts';
import { toRow } from './row.ts';
import { readSqlite } from './sqlite.ts';

/** A package of 100,000 files has 30 MB. */
const mostHeaderBytes = 64 * 1024 * 1024;

/** Often one of them is a link to another. */
const folders = ['usr/lib/sysimage/rpm', 'var/lib/rpm', 'usr/share/rpm'];

type Headers = Generator<Buffer, SkipReason | undefined>;

interface Form {
  readonly file: string;
  readonly read: (work: SourceWork, path: string, file: HostFile) => Headers;
}

/** A folder has one; of several, an upgrade of the system left the later ones behind. */
const forms: readonly Form[] = [
  { file: 'rpmdb.sqlite', read: ({ gate }, path) => readSqlite(gate, path, mostHeaderBytes) },
  { file: 'Packages.db', read: (_, __, file) => readNdb(file, mostHeaderBytes) },
  { file: 'Packages', read: (_, __, file) => readBerkeleyDb(file, mostHeaderBytes) },
];

interface Database {
  readonly path: string;
  readonly form: Form;
}

/** A transaction of rpm may end while its database is read. */
const attempts = 3;

interface Attempt {
  readonly rows: readonly PackageRow[];
  readonly packages: number;
  readonly gap: SkipReason | undefined;
}

async function readHeaders(headers: Headers, wanted: WantedFiles, signal: AbortSignal): Promise<Attempt> {
  const rows: PackageRow[] = [];
  let packages = 0;
  const breather = new Breather();
  try {
    while (!signal.aborted) {
      if (breather.isDue) await breather.breathe();
      const next = headers.next();
      if (next.done === true) return { rows, packages, gap: next.value };
      const header = new RpmHeader(next.value);
      const row = toRow(header);
      if (row === undefined) continue;
      packages += 1;
      rows.push(row);
      if (!wanted.isEmpty) for (const path of header.paths()) rows.push(...wanted.rowsOf(row, path));
    }
    headers.return(undefined);
    return { rows, packages, gap: 'read-error' };
  } catch (error) {
    return { rows, packages, gap: isMalformed(error) ? 'read-error' : toUnread(error).reason };
  }
}

class RpmReader {
  readonly #work: SourceWork;
  readonly #wanted: WantedFiles;
  readonly #report: SourceReport;
  /** Identities of databases, which may have several names. */
  readonly #seen = new Set<string>();
  isThere = false;

  constructor(work: SourceWork, wanted: WantedFiles) {
    this.#work = work;
    this.#wanted = wanted;
    this.#report = new SourceReport(work.findings, 'rpm');
  }

  /** @returns undefined when there is no such file. */
  async read({ path, form }: Database): Promise<readonly PackageRow[] | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const file = openHostFile(this.#work.gate, path);
      if (file.kind === 'unread') {
        if (file.reason === 'vanished') return undefined;
        this.isThere = true;
        this.#report.unread(path, file.reason);
        return [];
      }
      try {
        if (attempt === 1 && this.#seen.has(file.identity)) return [];
        this.#seen.add(file.identity);
        this.isThere = true;
        const headers = form.read(this.#work, path, file);
        const { rows, packages, gap } = await readHeaders(headers, this.#wanted, this.#work.signal);
        if (gap === 'changed-while-read' && attempt < attempts) continue;
        this.#report.read(path, packages, gap);
        return rows;
      } finally {
        file.close();
      }
    }
  }
}

/** @returns whether there is such a database. */
export async function* listRpm(
  root: string,
  work: SourceWork,
  wanted: WantedFiles,
): AsyncGenerator<PackageRow, boolean> {
  const reader = new RpmReader(work, wanted);
  for (const folder of folders)
    for (const form of forms) {
      const rows = await reader.read({ path: join(root, folder, form.file), form });
      if (rows === undefined) continue;
      yield* rows;
      break;
    }
  return reader.isThere;
}
