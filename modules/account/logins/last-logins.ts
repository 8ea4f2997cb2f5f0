/** The last login of each account, by every record of logins that the host keeps. */
import type { SkipReason } from '../../../protocol/result/result.ts';
import type { PasswdEntry } from '../../kit/accounts/passwd.ts';
import type { Host, PartRead } from '../../kit/files/host.ts';
import type { HostFile } from '../../kit/files/host-file.ts';
import { type Login, layoutOf, type NamedLogin, parseLastlog, parseUtmp } from '../../kit/logins/records.ts';
import type { SqliteValue } from '../../kit/sqlite/record.ts';

/** The newest first of rotated ones. */
const utmpFiles = ['/run/utmp', '/var/log/wtmp', '/var/log/wtmp.1'];
const lastlogFile = '/var/log/lastlog';
const lastlog2Files = ['/var/lib/lastlog/lastlog2.db'];
const wtmpdbFiles = ['/var/lib/wtmpdb/wtmp.db', '/var/log/wtmp.db'];
/** Some 170,000 records; those before are left out, which the receipt says. */
const mostUtmpBytes = 64 * 1024 * 1024;
const mostRowBytes = 64 * 1024;
/** Of remembered names; a table of all names that ever were is not needed. */
const mostNames = 100_000;
const wtmpdbUser = 3;

interface FoundLogin extends Login {
  readonly path: string;
}

function isText(value: SqliteValue | undefined): value is string {
  return typeof value === 'string';
}

/** SQLite hands text over as UTF-8, tables are read as Latin-1. */
function toLatin1(text: SqliteValue | undefined): string {
  return isText(text) ? Buffer.from(text).toString('latin1') : '';
}

export class LastLogins {
  readonly #host: Host;
  readonly #layout = layoutOf(process.arch);
  readonly #byName = new Map<string, FoundLogin>();
  readonly #byUid = new Map<number, FoundLogin>();
  /** Whether a record of every account's last login was read, and no other was left unread: then none means never. */
  #hasAll = false;
  #hasGap = false;

  constructor(host: Host, users: readonly PasswdEntry[]) {
    this.#host = host;
    this.#readLastlog(users);
    for (const path of lastlog2Files) this.#readLastlog2(path);
    for (const path of utmpFiles) this.#readUtmp(path);
    for (const path of wtmpdbFiles) this.#readWtmpdb(path);
  }

  /** Null when no record of it was kept or read; `never` when it would be there. */
  find({ name, uid }: PasswdEntry): FoundLogin | 'never' | null {
    const [named, numbered] = [this.#byName.get(name), this.#byUid.get(uid)];
    const found = named !== undefined && (numbered === undefined || named.timeMs >= numbered.timeMs) ? named : numbered;
    return found ?? (this.#hasAll && !this.#hasGap ? 'never' : null);
  }

  /** Names that are in no table of accounts: those of a directory that have been here, and removed ones. */
  *strangers(names: ReadonlySet<string>): Generator<NamedLogin & { readonly path: string }> {
    for (const [name, login] of this.#byName) if (!names.has(name)) yield { name, ...login };
  }

  /** @param isOfAll whether the source keeps the last login of every account for good. */
  #note(state: ReturnType<Host['readParts']>, isOfAll: boolean): void {
    this.#hasAll ||= isOfAll && state === 'read';
    this.#hasGap ||= state === 'unknown';
  }

  #take({ name, timeMs, from }: NamedLogin, path: string): void {
    const known = this.#byName.get(name);
    if (known === undefined ? this.#byName.size >= mostNames : known.timeMs >= timeMs) return;
    this.#byName.set(name, { timeMs, from, path: this.#host.at(path) });
  }

  /** Sparse: one record for each number that there could be. */
  #readLastlog(users: readonly PasswdEntry[]): void {
    const { lastlogBytes } = this.#layout;
    const state = this.#host.readParts('lastlog', lastlogFile, (file) => {
      let entries = 0;
      for (const uid of new Set(users.map((user) => user.uid))) {
        const start = uid * lastlogBytes;
        if (start + lastlogBytes > file.sizeBytes) continue;
        const record = file.readAt(start, lastlogBytes);
        const login = record.length < lastlogBytes ? null : parseLastlog(record, this.#layout);
        if (login === null) continue;
        entries += 1;
        this.#byUid.set(uid, { ...login, path: this.#host.at(lastlogFile) });
      }
      return { entries };
    });
    this.#note(state, true);
  }

  #readLastlog2(path: string): void {
    const state = this.#host.readRows('lastlog2', path, 'Lastlog2', mostRowBytes, ({ values }) => {
      const [name, time, , from] = values;
      if (isText(name) && typeof time === 'number' && time > 0)
        this.#take({ name: toLatin1(name), timeMs: time * 1000, from: toLatin1(from) }, path);
    });
    this.#note(state, true);
  }

  #readWtmpdb(path: string): void {
    const state = this.#host.readRows('wtmpdb', path, 'wtmp', mostRowBytes, ({ values }) => {
      const [, type, user, login, , , from] = values;
      if (type === wtmpdbUser && isText(user) && typeof login === 'number' && login > 0)
        this.#take({ name: toLatin1(user), timeMs: Math.floor(login / 1000), from: toLatin1(from) }, path);
    });
    this.#note(state, false);
  }

  #readUtmp(path: string): void {
    const kind = path.includes('wtmp') ? 'wtmp' : 'utmp';
    this.#note(
      this.#host.readParts(kind, path, (file) => this.#takeUtmp(file, path)),
      false,
    );
  }

  #takeUtmp(file: HostFile, path: string): PartRead {
    const { utmpBytes } = this.#layout;
    const records = Math.floor(file.sizeBytes / utmpBytes);
    const first = Math.max(0, records - Math.floor(mostUtmpBytes / utmpBytes));
    const inPiece = 2048;
    for (let record = first; record < records; record += inPiece) {
      const piece = file.readAt(record * utmpBytes, Math.min(inPiece, records - record) * utmpBytes);
      for (let start = 0; start + utmpBytes <= piece.length; start += utmpBytes) {
        const login = parseUtmp(piece.subarray(start, start + utmpBytes), this.#layout);
        if (login !== null) this.#take(login, path);
      }
    }
    const gap: SkipReason | undefined = first > 0 ? 'size-limit' : undefined;
    return { entries: records - first, ...(gap === undefined ? {} : { gap }) };
  }
}
