/** Binary records of logins. @see utmp(5), lastlog(8) */

export interface Login {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** The remote host as it was recorded; empty without one. */
  readonly from: string;
}

export interface NamedLogin extends Login {
  readonly name: string;
}

/** Offsets in bytes. */
interface Layout {
  readonly utmpBytes: number;
  readonly utmpTime: number;
  readonly utmpAddress: number;
  readonly lastlogBytes: number;
  readonly readTime: (bytes: Buffer, offset: number) => number;
}

/** Systems that had programs of 32 bits keep times of 32 bits in these files. */
const narrow: Layout = {
  utmpBytes: 384,
  utmpTime: 340,
  utmpAddress: 348,
  lastlogBytes: 292,
  readTime: (bytes, offset) => bytes.readUInt32LE(offset),
};
const wide: Layout = {
  utmpBytes: 400,
  utmpTime: 344,
  utmpAddress: 360,
  lastlogBytes: 296,
  readTime: (bytes, offset) => Number(bytes.readBigInt64LE(offset)),
};
const wideProcessors: ReadonlySet<string> = new Set(['arm64', 'riscv64', 'loong64']);

export function layoutOf(processor: string): Layout {
  return wideProcessors.has(processor) ? wide : narrow;
}

/** Text that ends at the first NUL, as Latin-1. */
function textAt(bytes: Buffer, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end === -1 ? length : end);
}

/** An IPv4 address stands in the first four bytes alone. */
function addressAt(bytes: Buffer, offset: number): string {
  const address = bytes.subarray(offset, offset + 16);
  if (address.every((byte) => byte === 0)) return '';
  if (address.subarray(4).every((byte) => byte === 0)) return address.subarray(0, 4).join('.');
  return (address.toString('hex').match(/.{4}/g) ?? []).map((part) => part.replace(/^0{1,3}/, '')).join(':');
}

const userProcess = 7;
const userAt = 44;
const userBytes = 32;
const hostAt = 76;
const hostBytes = 256;

/** Null for another kind of record. @param record of `utmpBytes`. */
export function parseUtmp(record: Buffer, { utmpTime, utmpAddress, readTime }: Layout): NamedLogin | null {
  const name = textAt(record, userAt, userBytes);
  const seconds = readTime(record, utmpTime);
  if (record.readInt16LE(0) !== userProcess || name === '' || seconds <= 0) return null;
  return { name, timeMs: seconds * 1000, from: textAt(record, hostAt, hostBytes) || addressAt(record, utmpAddress) };
}

/** Null for an account that never logged in. @param record of `lastlogBytes`. */
export function parseLastlog(record: Buffer, { lastlogBytes, readTime }: Layout): Login | null {
  const seconds = readTime(record, 0);
  if (seconds <= 0) return null;
  return { timeMs: seconds * 1000, from: textAt(record, lastlogBytes - hostBytes, hostBytes) };
}

type UtmpType = 'login' | 'logout' | 'boot' | 'shutdown' | 'clock' | 'other';

/** Any record. */
export interface UtmpRecord {
  readonly type: UtmpType;
  readonly name: string;
  readonly terminal: string;
  readonly from: string;
  /** Milliseconds since 1970; null for a record that has none. */
  readonly timeMs: number | null;
}

/** INIT_PROCESS and LOGIN_PROCESS are others. @see utmp(5) */
const types: Readonly<Record<number, UtmpType>> = {
  1: 'shutdown',
  2: 'boot',
  3: 'clock',
  4: 'clock',
  7: 'login',
  8: 'logout',
};
const terminalAt = 8;

/** Null for a record of zeros alone, which no program writes. @param record of `utmpBytes`. */
export function parseUtmpRecord(record: Buffer, { utmpTime, utmpAddress, readTime }: Layout): UtmpRecord | null {
  if (record.every((byte) => byte === 0)) return null;
  const seconds = readTime(record, utmpTime);
  const name = textAt(record, userAt, userBytes);
  const type = types[record.readInt16LE(0)] ?? 'other';
  return {
    type: type === 'shutdown' && name !== 'shutdown' ? 'other' : type,
    name,
    terminal: textAt(record, terminalAt, userBytes),
    from: textAt(record, hostAt, hostBytes) || addressAt(record, utmpAddress),
    timeMs: seconds > 0 ? seconds * 1000 : null,
  };
}

/** The terminal of a login. @param record of `lastlogBytes`. */
export function terminalOfLastlog(record: Buffer, { lastlogBytes }: Layout): string {
  return textAt(record, lastlogBytes - hostBytes - userBytes, userBytes);
}
