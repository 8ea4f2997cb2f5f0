/** The last login of each account: lastlog, and the database that succeeds it. */

import type { NamedNumber } from '../../kit/accounts/account-names.ts';
import type { Host } from '../../kit/files/host.ts';
import { layoutOf, parseLastlog, terminalOfLastlog } from '../../kit/logins/records.ts';
import type { SqliteValue } from '../../kit/sqlite/record.ts';
import { type EntryTaker, toFields } from './entry.ts';

const lastlogFile = '/var/log/lastlog';
const lastlog2File = '/var/lib/lastlog/lastlog2.db';
const mostRowBytes = 64 * 1024;

/** Sparse: only the places of accounts are read. */
export function readLastlog(host: Host, accounts: readonly NamedNumber[], { take }: EntryTaker): void {
  const layout = layoutOf(process.arch);
  const path = host.at(lastlogFile);
  host.readParts('lastlog', lastlogFile, (file) => {
    let entries = 0;
    const seen = new Set<number>();
    for (const { name, number } of accounts) {
      const start = number * layout.lastlogBytes;
      if (seen.has(number) || start + layout.lastlogBytes > file.sizeBytes) continue;
      seen.add(number);
      const record = file.readAt(start, layout.lastlogBytes);
      const login = record.length < layout.lastlogBytes ? null : parseLastlog(record, layout);
      if (login === null) continue;
      entries += 1;
      const terminal = terminalOfLastlog(record, layout);
      take({ timeMs: login.timeMs, fields: toFields({ account: name, terminal, address: login.from }) }, path);
    }
    return { entries };
  });
}

function toLatin1(value: SqliteValue | undefined): string {
  return typeof value === 'string' ? Buffer.from(value).toString('latin1') : '';
}

export function readLastlog2(host: Host, { take }: EntryTaker): void {
  const path = host.at(lastlog2File);
  host.readRows('lastlog2', lastlog2File, 'Lastlog2', mostRowBytes, ({ values }) => {
    const [name, time, terminal, from] = values;
    if (typeof time !== 'number' || time <= 0) return;
    const fields = toFields({ account: toLatin1(name), terminal: toLatin1(terminal), address: toLatin1(from) });
    take({ timeMs: time * 1000, fields }, path);
  });
}
