/** Logins and failed logins: records of wtmp and btmp, also rotated ones, and the database that succeeds wtmp. */
import { join } from 'node:path';
import type { SkipReason } from '../../../protocol/result/result.ts';
import type { Host, PartRead } from '../../kit/files/host.ts';
import type { HostFile } from '../../kit/files/host-file.ts';
import { layoutOf, parseUtmpRecord, type UtmpRecord } from '../../kit/logins/records.ts';
import type { SqliteValue } from '../../kit/sqlite/record.ts';
import { isPackedName, stemOf } from '../files/rotated-name.ts';
import { type Entry, type EntryTaker, toFields } from './entry.ts';

const folder = '/var/log';
const wtmpdbFiles = ['/var/lib/wtmpdb/wtmp.db', '/var/log/wtmp.db'];
const mostRowBytes = 64 * 1024;
/** Some 2.8 million records. */
const mostBytes = 1024 * 1024 * 1024;
const recordsInPiece = 2048;
/** Kinds of rows of wtmpdb. @see wtmpdb(8) */
const wtmpdbTypes: ReadonlyMap<number, string> = new Map([
  [1, 'boot'],
  [2, 'clock'],
  [3, 'login'],
]);

function toEntry({ type, name, terminal, from, timeMs }: UtmpRecord): Entry {
  return { timeMs, fields: toFields({ type, account: name, terminal, address: from }) };
}

function readRecords(file: HostFile, path: string, { take, zeroed }: EntryTaker): PartRead {
  const layout = layoutOf(process.arch);
  const { utmpBytes } = layout;
  const all = Math.floor(file.sizeBytes / utmpBytes);
  const records = Math.min(all, Math.floor(mostBytes / utmpBytes));
  let entries = 0;
  let zeros = 0;
  // The newest records stand at the end.
  for (let record = all - records; record < all; record += recordsInPiece) {
    const piece = file.readAt(record * utmpBytes, Math.min(recordsInPiece, all - record) * utmpBytes);
    for (let start = 0; start + utmpBytes <= piece.length; start += utmpBytes) {
      const found = parseUtmpRecord(piece.subarray(start, start + utmpBytes), layout);
      if (found === null) {
        zeros += 1;
        continue;
      }
      entries += 1;
      take(toEntry(found), path);
    }
  }
  zeroed(zeros, path);
  const gap: SkipReason | undefined = records < all ? 'size-limit' : undefined;
  return { entries, ...(gap === undefined ? {} : { gap }) };
}

/** @param stem `wtmp` or `btmp` */
export function readUtmpFiles(host: Host, stem: string, taker: EntryTaker): void {
  const names = host.listFolder(stem, folder).names.filter((name) => stemOf(name) === stem);
  for (const name of names) {
    const path = join(folder, name);
    const full = host.at(path);
    if (isPackedName(name)) host.report(stem, path, 0, 'unsupported');
    else host.readParts(stem, path, (file) => readRecords(file, full, taker));
  }
}

function toText(value: SqliteValue | undefined): string {
  return typeof value === 'string' ? Buffer.from(value).toString('latin1') : '';
}

export function readWtmpdb(host: Host, { take }: EntryTaker): void {
  for (const path of wtmpdbFiles)
    host.readRows('wtmpdb', path, 'wtmp', mostRowBytes, ({ values }) => {
      const [, type, user, login, , terminal, from] = values;
      const fields = toFields({
        type: wtmpdbTypes.get(Number(type)) ?? 'other',
        account: toText(user),
        terminal: toText(terminal),
        address: toText(from),
      });
      const timeMs = typeof login === 'number' && login > 0 ? Math.floor(login / 1000) : null;
      take({ timeMs, fields }, host.at(path));
    });
}
