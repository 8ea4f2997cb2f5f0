/** The packages of rpm, from whichever form of its database is there. Nothing is opened by a library, locked or written. */
import type { SkipReason } from '../../../../protocol/result/result.ts';
import type { Host, HostWork } from '../../files/host.ts';
import { type HostFile, toUnread } from '../../files/host-file.ts';
import { isMalformed } from '../../files/malformed.ts';
import type { Gate } from '../../gate.ts';
import { Breather } from '../../listing/breather.ts';
import { readBerkeleyDb } from './berkeley-db.ts';
import { RpmHeader } from './header.ts';
import { readNdb } from './ndb.ts';
import { readSqlite } from './sqlite.ts';

/** A package of 100,000 files has 30 MB. */
const mostHeaderBytes = 64 * 1024 * 1024;

/** Often one of them is a link to another. */
const folders = ['/usr/lib/sysimage/rpm', '/var/lib/rpm', '/usr/share/rpm'];

type Headers = Generator<Buffer, SkipReason | undefined>;

interface Form {
  readonly file: string;
  readonly read: (gate: Gate, path: string, file: HostFile) => Headers;
}

/** A folder has one; of several, an upgrade of the system left the later ones behind. */
const forms: readonly Form[] = [
  { file: 'rpmdb.sqlite', read: (gate, path) => readSqlite(gate, path, mostHeaderBytes) },
  { file: 'Packages.db', read: (_, __, file) => readNdb(file, mostHeaderBytes) },
  { file: 'Packages', read: (_, __, file) => readBerkeleyDb(file, mostHeaderBytes) },
];

/** A transaction of rpm may end while its database is read. */
const attempts = 3;

/** What to keep of a package; undefined for what is none. @throws CodedError `database-malformed` */
export type TakeHeader<Found> = (header: RpmHeader) => readonly Found[] | undefined;

export interface RpmWork extends HostWork {
  readonly signal: AbortSignal;
}

interface Attempt<Found> {
  readonly found: readonly Found[];
  readonly packages: number;
  readonly gap: SkipReason | undefined;
}

async function readHeaders<Found>(
  headers: Headers,
  take: TakeHeader<Found>,
  signal: AbortSignal,
): Promise<Attempt<Found>> {
  const found: Found[] = [];
  let packages = 0;
  const breather = new Breather();
  try {
    while (!signal.aborted) {
      if (breather.isDue) await breather.breathe();
      const next = headers.next();
      if (next.done === true) return { found, packages, gap: next.value };
      const taken = take(new RpmHeader(next.value));
      if (taken === undefined) continue;
      packages += 1;
      for (const one of taken) found.push(one);
    }
    headers.return(undefined);
    return { found, packages, gap: 'read-error' };
  } catch (error) {
    return { found, packages, gap: isMalformed(error) ? 'read-error' : toUnread(error).reason };
  }
}

class RpmReader<Found> {
  readonly #host: Host;
  readonly #work: RpmWork;
  readonly #take: TakeHeader<Found>;
  /** Identities of databases, which may have several names. */
  readonly #seen = new Set<string>();
  isThere = false;

  constructor(host: Host, work: RpmWork, take: TakeHeader<Found>) {
    this.#host = host;
    this.#work = work;
    this.#take = take;
  }

  /** @returns undefined when there is no such file. */
  async read(path: string, form: Form): Promise<readonly Found[] | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const file = this.#host.open(path);
      if (file.kind === 'unread') {
        if (file.reason === 'vanished') return undefined;
        this.isThere = true;
        this.#host.report('rpm', path, 0, file.reason);
        return [];
      }
      try {
        if (attempt === 1 && this.#seen.has(file.identity)) return [];
        this.#seen.add(file.identity);
        this.isThere = true;
        const headers = form.read(this.#work.gate, this.#host.at(path), file);
        const { found, packages, gap } = await readHeaders(headers, this.#take, this.#work.signal);
        if (gap === 'changed-while-read' && attempt < attempts) continue;
        this.#host.report('rpm', path, packages, gap);
        return found;
      } finally {
        file.close();
      }
    }
  }
}

/** @returns whether there is such a database. */
export async function* readRpm<Found>(
  host: Host,
  work: RpmWork,
  take: TakeHeader<Found>,
): AsyncGenerator<Found, boolean> {
  const reader = new RpmReader(host, work, take);
  for (const folder of folders)
    for (const form of forms) {
      const found = await reader.read(`${folder}/${form.file}`, form);
      if (found === undefined) continue;
      yield* found;
      break;
    }
  return reader.isThere;
}
