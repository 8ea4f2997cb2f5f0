/**
 * rpm's own database, `Packages.db`: a header, pages of slots, and behind them the blobs of the packages in blocks of 16
 * bytes. All numbers are little-endian.
 */

import type { SkipReason } from '../../../../protocol/result/result.ts';
import type { HostFile } from '../../files/host-file.ts';
import { malformed } from '../../files/malformed.ts';

const headerBytes = 32;
const slotBytes = 16;
const slotPageBytes = 4096;
const blockBytes = 16;
const blobHeadBytes = 16;
/** Slots for half a million packages. */
const mostSlotPages = 2048;

const magics = { header: 'RpmP', slot: 'Slot', blob: 'BlbS' } as const;

function hasMagic(bytes: Buffer, offset: number, magic: string): boolean {
  return bytes.toString('latin1', offset, offset + 4) === magic;
}

function readHeader(file: HostFile): Buffer {
  const header = file.readAt(0, headerBytes);
  if (header.length < headerBytes || !hasMagic(header, 0, magics.header) || header.readUInt32LE(4) !== 0)
    throw malformed("the header of rpm's own database, version 0", `${file.sizeBytes} other bytes`);
  return header;
}

function readBlob(file: HostFile, packageIndex: number, offset: number, blocks: number, mostBytes: number): Buffer {
  const head = file.readAt(offset, blobHeadBytes);
  if (head.length < blobHeadBytes || !hasMagic(head, 0, magics.blob) || head.readUInt32LE(4) !== packageIndex)
    throw malformed(`the blob of package ${packageIndex}`, 'other bytes');
  const length = head.readUInt32LE(12);
  if (length > mostBytes || blobHeadBytes + length > blocks * blockBytes)
    throw malformed(`a blob within its ${blocks} blocks`, `${length} bytes`);
  const blob = file.readAt(offset + blobHeadBytes, length);
  if (blob.length < length) throw malformed('a whole blob', `${blob.length} bytes`);
  return blob;
}

/** The packages' headers; returns why they are not of one state of the database. @throws CodedError `database-malformed` */
export function* readNdb(file: HostFile, mostBytes: number): Generator<Buffer, SkipReason | undefined> {
  const header = readHeader(file);
  const slotPages = header.readUInt32LE(12);
  if (slotPages > mostSlotPages) throw malformed(`at most ${mostSlotPages} pages of slots`, slotPages);
  const slots = file.readAt(0, slotPages * slotPageBytes);
  if (slots.length < slotPages * slotPageBytes) throw malformed('all pages of slots', `${slots.length} bytes`);
  let readBytes = 0;
  for (let at = headerBytes; at < slots.length; at += slotBytes) {
    if (!hasMagic(slots, at, magics.slot)) throw malformed('a slot', 'other bytes');
    const block = slots.readUInt32LE(at + 8);
    if (block === 0) continue;
    const blob = readBlob(file, slots.readUInt32LE(at + 4), block * blockBytes, slots.readUInt32LE(at + 12), mostBytes);
    // Blobs do not overlap: a file of a megabyte does not have gigabytes of them.
    readBytes += blob.length;
    if (readBytes > file.sizeBytes) throw malformed(`blobs of at most ${file.sizeBytes} bytes`, readBytes);
    yield blob;
  }
  // Each change of the database counts its generation up.
  return readHeader(file).equals(header) ? undefined : 'changed-while-read';
}
