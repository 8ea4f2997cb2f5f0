/** Reads the files of the audit system, the oldest first: an event may begin in one and end in the next. */
import type { Host, PartRead } from '../../kit/files/host.ts';
import type { HostFile } from '../../kit/files/host-file.ts';
import { isPackedName, stemOf } from '../files/rotated-name.ts';
import { type AuditEvent, AuditEvents } from './events.ts';
import { parseAuditRecord } from './record.ts';

const kind = 'audit';
const folder = '/var/log/audit';
const stem = 'audit.log';
const pieceBytes = 256 * 1024;
/** A record is at most 8 KiB, its hex twice that. */
const mostLineBytes = 1024 * 1024;
/** More than the usual five files of 8 MiB. */
const mostFileBytes = 1024 * 1024 * 1024;

/** Whole lines as Latin-1, without their ends. */
function* readLines(file: HostFile): Generator<string> {
  let rest = '';
  for (let offset = 0; offset < Math.min(file.sizeBytes, mostFileBytes); offset += pieceBytes) {
    const text = rest + file.readAt(offset, Math.min(pieceBytes, file.sizeBytes - offset)).toString('latin1');
    const lines = text.split('\n');
    rest = (lines.pop() ?? '').slice(-mostLineBytes);
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function readRecords(file: HostFile, path: string, events: AuditEvents, isStopped: () => boolean): PartRead {
  let entries = 0;
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  for (const line of readLines(file)) {
    const record = parseAuditRecord(line);
    if (record === null) continue;
    entries += 1;
    fromMs = Math.min(fromMs, record.timeMs);
    toMs = Math.max(toMs, record.timeMs);
    events.add(record, line, path);
    if (entries % 1024 === 0 && isStopped()) break;
  }
  return {
    entries,
    ...(entries > 0 ? { reach: { fromMs, toMs } } : {}),
    ...(file.sizeBytes > mostFileBytes ? { gap: 'size-limit' } : {}),
  };
}

/** The highest number is the oldest. */
function compareAge(one: string, other: string): number {
  return Number(other.slice(stem.length + 1)) - Number(one.slice(stem.length + 1));
}

export function readAudit(host: Host, take: (event: AuditEvent) => void, isStopped: () => boolean): void {
  const events = new AuditEvents(take);
  const names = host.listFolder(kind, folder).names.filter((name) => stemOf(name) === stem);
  for (const name of names.filter(isPackedName)) host.report(kind, `${folder}/${name}`, 0, 'unsupported');
  for (const name of names.filter((one) => !isPackedName(one)).sort(compareAge)) {
    const path = `${folder}/${name}`;
    host.readParts(kind, path, (file) => readRecords(file, host.at(path), events, isStopped));
    if (isStopped()) break;
  }
  events.finish();
}
