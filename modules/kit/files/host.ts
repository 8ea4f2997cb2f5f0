/** The files of one host: each is read once, within limits, and named in the receipt. */
import { hostname } from 'node:os';
import type { SkipReason } from '../../../protocol/result/result.ts';
import type { Findings } from '../findings.ts';
import type { Gate } from '../gate.ts';
import { openPages } from '../sqlite/pages.ts';
import { readTable as readSqliteTable, type SqliteRow } from '../sqlite/table.ts';
import { digestFile } from './file-digest.ts';
import { type FileStatus, readFileStatus } from './file-status.ts';
import {
  type HostFile,
  openHostFile,
  readHostFile,
  readKernelFile,
  toUnread,
  type Unread,
  type WholeFile,
} from './host-file.ts';
import { type FolderNames, listHostFolder } from './host-folder.ts';
import { HostRoot } from './host-root.ts';
import { isMalformed } from './malformed.ts';
import { RemotePlaces } from './remote-places.ts';
import { SecretAccess } from './secret-access.ts';
import { type Reach, SourceReport } from './source-report.ts';
import { type TableLine, toTableLines } from './table-line.ts';

/** What a run hands to the readers of its sources. */
export interface HostWork {
  readonly gate: Gate;
  readonly findings: Pick<Findings<object>, 'skip' | 'source' | 'noteNaming'>;
}

/** Room for a million accounts. */
const mostBytes = 128 * 1024 * 1024;
const mostNames = 100_000;
/** Larger than any program. */
const mostDigestedBytes = 1024 * 1024 * 1024;
const mostKernelBytes = 1024 * 1024;

export type ReadFile =
  | {
      readonly state: 'read';
      readonly bytes: Buffer;
      /** Names the file in the receipt. @param gap why there may be more entries than these. */
      readonly report: (entries: number, gap?: SkipReason) => void;
    }
  | Missing;

/** It is not there; or it could not be read, which the receipt says. */
export type Missing = { readonly state: 'absent' } | { readonly state: 'unknown'; readonly reason: SkipReason };

/** A file of the kernel, as Latin-1. */
type KernelFile = { readonly state: 'read'; readonly text: string } | Missing;

type SecretFile =
  | { readonly state: 'read'; readonly bytes: Buffer }
  | { readonly state: 'absent' }
  | { readonly state: 'unread'; readonly reason: SkipReason };

export type Table<Entry> = { readonly state: 'read'; readonly entries: readonly Entry[] } | Missing;

/** What was read of a file in parts. */
export interface PartRead {
  readonly entries: number;
  /** Why there may be more. */
  readonly gap?: SkipReason;
  /** Of entries with times. */
  readonly reach?: Reach;
}

export type StatusOfFile = { readonly state: 'there'; readonly status: FileStatus } | Missing;

interface Requirement {
  /** Whether its absence is a gap. */
  readonly isRequired?: boolean;
  /** A larger file is not read. */
  readonly most?: number;
}

export class Host {
  /** As uname(2) says it. */
  readonly name = hostname();
  readonly #root: HostRoot;
  readonly #work: HostWork;
  readonly #remote = new RemotePlaces();
  readonly #secrets: SecretAccess;

  /** @param root of the host's files: `/`. */
  constructor(root: string, work: HostWork) {
    this.#root = new HostRoot(root);
    this.#work = work;
    this.#secrets = new SecretAccess(work.gate);
  }

  /** The path on this machine, for answers. */
  at(path: string): string {
    return this.#root.at(path);
  }

  /** Whether the file may be read without taking a question of the budget. */
  isOpen(path: string): boolean {
    return this.#work.gate.requestRead({ paths: [this.at(path)] }, 0) === 'open';
  }

  /** The caller closes it, and names it in the receipt. */
  open(path: string): HostFile | Unread {
    return this.#reach(path, (place) => openHostFile(this.#work.gate, place));
  }

  /** As `open`, but a protected file stays closed, whatever the budget: of what is in it more than a match is told. */
  openUnprotected(path: string): HostFile | Unread {
    return this.#reach(path, (place) => openHostFile(this.#work.gate, place, 0));
  }

  /** One of many files, which the caller names in the receipt together. @param most a larger one is not read. */
  readOne(path: string, most: number): WholeFile | Unread {
    return this.#reach(path, (place) => readHostFile(this.#work.gate, place, most));
  }

  /** @param kind of the source, for the receipt. */
  read(kind: string, path: string, { isRequired = false, most = mostBytes }: Requirement = {}): ReadFile {
    const report = new SourceReport(this.#work.findings, kind);
    const full = this.at(path);
    const file = this.readOne(path, most);
    if (file.kind === 'whole')
      return { state: 'read', bytes: file.bytes, report: (entries, gap) => report.read(full, entries, gap) };
    return this.#refuse(report, full, file.reason, isRequired);
  }

  /** A file that the kernel makes. Only the caller names it in the receipt. @param most a larger one is not read. */
  readKernel(path: string, most = mostKernelBytes): KernelFile {
    const file = this.#reach(path, (place) => readKernelFile(this.#work.gate, place, most));
    if (file.kind === 'whole') return { state: 'read', text: file.bytes.toString('latin1') };
    return file.reason === 'vanished' ? { state: 'absent' } : { state: 'unknown', reason: file.reason };
  }

  /** Whether a private key may be read without taking a question of the budget. */
  isSecretOpen(path: string): boolean {
    return !this.#secrets.protectsContent && this.isOpen(path);
  }

  /** A private key, which counts as protected by its content. `absent` when it proves to be something else. */
  readSecret(
    path: string,
    { most, isKey }: { readonly most: number; readonly isKey: (bytes: Buffer) => boolean },
  ): SecretFile {
    const full = this.at(path);
    const file = this.readOne(path, most);
    if (file.kind === 'whole') {
      if (!isKey(file.bytes)) return { state: 'absent' };
      const reason = this.#secrets.judge(full);
      return reason === null ? { state: 'read', bytes: file.bytes } : { state: 'unread', reason };
    }
    // Other files of the folder may be of any kind and size.
    const isOther = ['size-limit', 'special-file', 'vanished'].includes(file.reason);
    return isOther ? { state: 'absent' } : { state: 'unread', reason: file.reason };
  }

  /** Names a folder, or a file that `open` gave, in the receipt. @param gap why there may be more entries than these. */
  report(kind: string, path: string, entries: number, gap?: SkipReason, reach?: Reach): void {
    new SourceReport(this.#work.findings, kind).read(this.at(path), entries, gap, reach);
  }

  /** The entries that `parse` returns; null is left out. */
  readTable<Entry>(
    kind: string,
    path: string,
    parse: (line: TableLine) => Entry | null,
    requirement?: Requirement,
  ): Table<Entry> {
    const file = this.read(kind, path, requirement);
    if (file.state !== 'read') return file;
    const entries: Entry[] = [];
    for (const line of toTableLines(file.bytes)) {
      const entry = parse(line);
      if (entry !== null) entries.push(entry);
    }
    file.report(entries.length);
    return { state: 'read', entries };
  }

  /** A file of any size, of which `read` takes parts. */
  readParts(kind: string, path: string, read: (file: HostFile) => PartRead): ReadFile['state'] {
    const report = new SourceReport(this.#work.findings, kind);
    const full = this.at(path);
    const file = this.open(path);
    if (file.kind === 'unread') return this.#refuse(report, full, file.reason).state;
    try {
      const { entries, gap, reach } = read(file);
      report.read(full, entries, gap, reach);
      return 'read';
    } catch (error) {
      return this.#refuse(report, full, toUnread(error).reason).state;
    } finally {
      file.close();
    }
  }

  /** The rows of a table in an SQLite database. */
  readRows(
    kind: string,
    path: string,
    table: string,
    mostRowBytes: number,
    take: (row: SqliteRow) => void,
  ): ReadFile['state'] {
    const report = new SourceReport(this.#work.findings, kind);
    const full = this.at(path);
    try {
      const pages = this.#reach(path, (place) => openPages(this.#work.gate, place));
      if (pages.kind === 'unread') return this.#refuse(report, full, pages.reason).state;
      let entries = 0;
      try {
        for (const row of readSqliteTable(pages, table, mostRowBytes)) {
          entries += 1;
          take(row);
        }
        report.read(full, entries, pages.hasChanged() ? 'changed-while-read' : undefined);
      } finally {
        pages.close();
      }
      return 'read';
    } catch (error) {
      return this.#refuse(report, full, isMalformed(error) ? 'read-error' : toUnread(error).reason).state;
    }
  }

  /** Nobody waits for a server of files. */
  #reach<Found>(path: string, open: (place: string) => Found): Found | Unread {
    const remote: Unread = { kind: 'unread', reason: 'remote-file' };
    const full = this.at(path);
    if (this.#remote.isBehind(full)) return remote;
    const place = this.#root.locate(path);
    return place !== full && this.#remote.isBehind(place) ? remote : open(place);
  }

  #refuse(report: SourceReport, full: string, reason: SkipReason, isRequired = false): Missing {
    if (reason === 'vanished' && !isRequired) return { state: 'absent' };
    report.unread(full, reason);
    return { state: 'unknown', reason };
  }

  /** The names in a folder, sorted by their bytes; none when it is not there. */
  list(kind: string, path: string): readonly string[] {
    return this.listFolder(kind, path).names;
  }

  /** As `list`, for callers to whom a missing name matters. */
  listFolder(kind: string, path: string): FolderNames {
    const report = new SourceReport(this.#work.findings, kind);
    const full = this.at(path);
    const folder = this.#reach(path, (place) => listHostFolder(place, mostNames));
    if (folder.kind === 'listed') {
      if (folder.cut === undefined) return { names: folder.names, kinds: folder.kinds };
      report.read(full, folder.names.length, folder.cut);
      return { names: folder.names, kinds: folder.kinds, gap: folder.cut };
    }
    const missing = this.#refuse(report, full, folder.reason);
    return { names: [], kinds: new Map(), ...(missing.state === 'unknown' ? { gap: missing.reason } : {}) };
  }

  /** What is told of a file without opening it, links followed. Only what cannot be known stands in the receipt. */
  status(kind: string, path: string): StatusOfFile {
    const status = this.#reach(path, readFileStatus);
    if (status.kind !== 'unread') return { state: 'there', status };
    return this.#refuse(new SourceReport(this.#work.findings, kind), this.at(path), status.reason);
  }

  /** Whether it is a folder, links followed; nothing of it is told in the receipt. */
  isFolder(path: string): boolean {
    const status = this.#reach(path, readFileStatus);
    return status.kind === 'folder';
  }

  /** SHA-256 in hex; null when it cannot be told, which the receipt says. */
  digest(kind: string, path: string): string | null {
    const report = new SourceReport(this.#work.findings, kind);
    const refuse = (reason: SkipReason): null => {
      this.#refuse(report, this.at(path), reason);
      return null;
    };
    const file = this.open(path);
    if (file.kind === 'unread') return refuse(file.reason);
    try {
      return file.sizeBytes > mostDigestedBytes ? refuse('size-limit') : digestFile(file);
    } catch (error) {
      return refuse(toUnread(error).reason);
    } finally {
      file.close();
    }
  }

  /** Where a link leads, as it is written; undefined for what is no link. */
  linkAt(path: string): string | undefined {
    return this.#root.linkAt(path);
  }

  /** The path on the host without links; undefined after too many. What is not there stays as it is. */
  resolve(path: string): string | undefined {
    return this.#remote.isBehind(this.at(path)) ? undefined : this.#root.resolve(path);
  }
}
