/**
 * Files of the host at known places, read as far as a limit and as the gate allows. Trees are walked by the native
 * engine instead.
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { getSystemErrorName } from 'node:util';
import { native } from '../../../native/index.ts';
import type { SkipReason } from '../../../protocol/result/result.ts';
import type { Gate } from '../gate.ts';

/** A file or folder that was not read. */
export interface Unread {
  readonly kind: 'unread';
  readonly reason: SkipReason;
}

const reasons: Readonly<Record<string, SkipReason>> = {
  ENOENT: 'vanished',
  ENOTDIR: 'vanished',
  ESTALE: 'vanished',
  EACCES: 'no-permission',
  EPERM: 'no-permission',
  ELOOP: 'link-loop',
  ENXIO: 'special-file',
};

/** @throws the error itself when it is not of the system. */
export function toUnread(error: unknown): Unread {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) throw error;
  return unreadBecause(code);
}

/** @param code `ENOENT` */
export function unreadBecause(code: string): Unread {
  return { kind: 'unread', reason: reasons[code] ?? 'read-error' };
}

/** O_PATH of Linux, which Node does not name: a handle of a file that is not opened. */
const pathOnly = 0o10000000;
/** A fifo must not be waited for, and a terminal not taken. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOCTTY = 0, O_NOATIME = 0 } = constants;
const flags = O_RDONLY | O_NONBLOCK | O_NOCTTY;

function openForReading(path: string): number {
  try {
    return openSync(path, flags | O_NOATIME);
  } catch (error) {
    // Only its owner may leave the access time of a file unchanged.
    if (toUnread(error).reason !== 'no-permission') throw error;
    return openSync(path, flags);
  }
}

/** Of the open file itself, whatever has become of its name since. */
function toRealPath(descriptor: number, path: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return realpathSync.native(path);
  }
}

/** An open file; to be closed by `close`. */
export class HostFile {
  readonly kind = 'file';
  readonly sizeBytes: number;
  /** Equal for two names of one file. */
  readonly identity: string;
  /** When its content was written, in milliseconds since 1970. */
  readonly changedMs: number;
  /** For the native engine, until it is closed. */
  readonly descriptor: number;

  constructor(descriptor: number, { size, dev, ino, mtimeMs }: Stats) {
    this.descriptor = descriptor;
    this.sizeBytes = size;
    this.identity = `${dev}:${ino}`;
    this.changedMs = mtimeMs;
  }

  /** Whether its content was written since it was opened. */
  hasChanged(): boolean {
    const { size, mtimeMs } = fstatSync(this.descriptor);
    return size !== this.sizeBytes || mtimeMs !== this.changedMs;
  }

  /** Fewer bytes at the end of the file. @throws the system's error */
  readAt(offsetBytes: number, lengthBytes: number): Buffer {
    const bytes = Buffer.allocUnsafe(lengthBytes);
    let filled = 0;
    while (filled < lengthBytes) {
      const count = readSync(this.descriptor, bytes, filled, lengthBytes - filled, offsetBytes + filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

let areDescriptorsShown: boolean | undefined;

/** Whether the system shows the open files of this process. */
function hasDescriptors(): boolean {
  areDescriptorsShown ??= existsSync('/proc/self/fd');
  return areDescriptorsShown;
}

/** Only looked at: opening a device, a fifo or a file of the kernel may already do something. */
function openWithoutEffect(path: string): number | Unread {
  if (process.platform !== 'linux') return openForReading(path);
  const handle = openSync(path, pathOnly);
  try {
    if (!fstatSync(handle).isFile()) return { kind: 'unread', reason: 'special-file' };
    if (native().readEffectOf(Buffer.from(path)) !== null) return { kind: 'unread', reason: 'unsupported' };
    return openForReading(hasDescriptors() ? `/proc/self/fd/${handle}` : path);
  } finally {
    closeSync(handle);
  }
}

/** Opens a regular file. @param questions that a protected one takes of the budget; with 0 it stays closed. */
export function openHostFile(gate: Gate, path: string, questions = 1): HostFile | Unread {
  let opened: number | Unread;
  try {
    opened = openWithoutEffect(path);
  } catch (error) {
    return toUnread(error);
  }
  if (typeof opened !== 'number') return opened;
  const descriptor = opened;
  const refuse = (reason: SkipReason): Unread => {
    closeSync(descriptor);
    return { kind: 'unread', reason };
  };
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) return refuse('special-file');
  const access = gate.hasRules ? gate.requestRead({ paths: [path, toRealPath(descriptor, path)] }, questions) : 'open';
  if (access === 'counted' && questions === 0) return refuse('protected');
  if (access === 'protected' || access === 'question-limit') return refuse(access);
  return new HostFile(descriptor, stats);
}

/** The bytes of a file. */
export interface WholeFile {
  readonly kind: 'whole';
  readonly bytes: Buffer;
}

/** The whole file. @param mostBytes a larger one is not read. @param questions as for `openHostFile`. */
export function readHostFile(gate: Gate, path: string, mostBytes: number, questions = 1): WholeFile | Unread {
  // All steps in one call cost a third of theirs in calls of their own.
  if (process.platform === 'linux' && !gate.hasRules && hasDescriptors()) {
    const file = readAtOnce(path, Math.min(mostBytes, mostAtOnce));
    if (file.kind === 'whole' || file.reason !== 'size-limit' || mostBytes <= mostAtOnce) return file;
  }
  return readWhole(openHostFile(gate, path, questions), mostBytes, (file) => file.readAt(0, file.sizeBytes));
}

/** Larger files are not copied once more. */
const mostAtOnce = 16 * 1024 * 1024;

function readAtOnce(path: string, mostBytes: number): WholeFile | Unread {
  const read = native().readWholeFile(path, mostBytes);
  if (typeof read === 'string') return { kind: 'unread', reason: read };
  return typeof read === 'number' ? unreadBecause(getSystemErrorName(-read)) : { kind: 'whole', bytes: read };
}

/** A file that the kernel makes while it is read: its size says nothing. */
export function readKernelFile(gate: Gate, path: string, mostBytes: number): WholeFile | Unread {
  return readWhole(openHostFile(gate, path), mostBytes, (file) => readToEnd(file, mostBytes + 1));
}

/** Most files of the kernel are short, and none says how long it is. */
const partBytes = 16 * 1024;

function readToEnd(file: HostFile, mostBytes: number): Buffer {
  const parts: Buffer[] = [];
  for (let length = 0; length < mostBytes; ) {
    const part = file.readAt(length, Math.min(partBytes, mostBytes - length));
    parts.push(part);
    length += part.length;
    if (part.length < partBytes) break;
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

function readWhole(file: HostFile | Unread, mostBytes: number, read: (file: HostFile) => Buffer): WholeFile | Unread {
  if (file.kind === 'unread') return file;
  try {
    if (file.sizeBytes > mostBytes) return { kind: 'unread', reason: 'size-limit' };
    const bytes = read(file);
    return bytes.length > mostBytes ? { kind: 'unread', reason: 'size-limit' } : { kind: 'whole', bytes };
  } catch (error) {
    return toUnread(error);
  } finally {
    file.close();
  }
}
