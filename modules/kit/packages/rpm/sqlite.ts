/** rpm's database of today, `rpmdb.sqlite`: a table of headers, and a write-ahead log over it. */

import type { SkipReason } from '../../../../protocol/result/result.ts';
import { malformed } from '../../files/malformed.ts';
import type { Gate } from '../../gate.ts';
import { openPages } from '../../sqlite/pages.ts';
import { readTable } from '../../sqlite/table.ts';

/** The packages' headers; returns why they are not all of one commit. @throws CodedError `database-malformed` */
export function* readSqlite(gate: Gate, path: string, mostBytes: number): Generator<Buffer, SkipReason | undefined> {
  const pages = openPages(gate, path);
  if (pages.kind === 'unread') return pages.reason;
  try {
    for (const { values } of readTable(pages, 'Packages', mostBytes)) {
      const blob = values[1];
      if (!Buffer.isBuffer(blob)) throw malformed('the header of a package', typeof blob);
      yield blob;
    }
    return pages.hasChanged() ? 'changed-while-read' : undefined;
  } finally {
    pages.close();
  }
}
