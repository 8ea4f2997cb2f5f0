/**
 * The parts of a macOS executable (Mach-O, 64 bits, one processor) that a signature depends on.
 * @see https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h
 */
import { CodedError } from '../../protocol/base/coded-error.ts';

export type MachOCode = 'mach-o-malformed' | 'signature-invalid';

const magic64 = 0xfeedfacf;
const executableType = 2;
const loadCommand = { segment64: 0x19, codeSignature: 0x1d } as const;
const headerBytes = 32;
const segmentBytes = 72;
const sectionBytes = 80;
const signatureCommandBytes = 16;

export interface Segment {
  readonly name: string;
  /** Of its load command, in the file. */
  readonly at: number;
  readonly address: bigint;
  readonly memoryBytes: bigint;
  readonly offset: number;
  readonly bytes: number;
}

export interface MachO {
  readonly isExecutable: boolean;
  /** In the order of the file; without those that are not in it. */
  readonly segments: readonly Segment[];
  /** Where the load commands end. */
  readonly commandsEnd: number;
  /** Offset of the first section's content: load commands may grow up to it. */
  readonly contentStart: number;
  readonly signature: { readonly at: number; readonly offset: number; readonly bytes: number } | null;
}

export function malformed(message: string): CodedError<MachOCode> {
  return new CodedError('mach-o-malformed', message, { hint: 'run npm ci and build again' });
}

function toNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(`expected an offset in the file, got ${value}`);
  return Number(value);
}

function readSegment(file: Buffer, at: number): Segment {
  return {
    name: file.toString('latin1', at + 8, at + 24).replace(/\0.*$/s, ''),
    at,
    address: file.readBigUInt64LE(at + 24),
    memoryBytes: file.readBigUInt64LE(at + 32),
    offset: toNumber(file.readBigUInt64LE(at + 40)),
    bytes: toNumber(file.readBigUInt64LE(at + 48)),
  };
}

/** The file offsets of a segment's sections that have content. */
function sectionOffsets(file: Buffer, at: number): number[] {
  const count = file.readUInt32LE(at + 64);
  const offsets = Array.from({ length: count }, (_, index) =>
    file.readUInt32LE(at + segmentBytes + index * sectionBytes + 48),
  );
  return offsets.filter((offset) => offset > 0);
}

/**
 * Checks the loader's rules for segments: each within the file, no overlap in file or memory, the link information last.
 */
function assertSound(file: Buffer, segments: readonly Segment[]): void {
  let [fileEnd, memoryEnd] = [0, 0n];
  for (const { name, offset, bytes, address, memoryBytes } of segments) {
    if (offset < fileEnd || offset + bytes > file.length || address < memoryEnd || BigInt(bytes) > memoryBytes)
      throw malformed(`expected the segment ${name} to follow the one before it and to lie within the file`);
    fileEnd = offset + bytes;
    memoryEnd = address + memoryBytes;
  }
  if (segments.at(-1)?.name !== '__LINKEDIT') throw malformed('expected __LINKEDIT as the last segment');
}

/** @throws CodedError<MachOCode> mach-o-malformed */
export function parseMachO(file: Buffer): MachO {
  if (file.length < headerBytes || file.readUInt32LE(0) !== magic64)
    throw malformed('expected a 64-bit Mach-O file, got another');
  const segments: Segment[] = [];
  let signature: MachO['signature'] = null;
  let contentStart = file.length;
  let at = headerBytes;
  const commandsEnd = headerBytes + file.readUInt32LE(20);
  for (let left = file.readUInt32LE(16); left > 0; left -= 1) {
    const bytes = at + 8 <= commandsEnd ? file.readUInt32LE(at + 4) : 0;
    if (bytes < 8 || at + bytes > commandsEnd) throw malformed(`expected a load command at ${at}, got none`);
    const type = file.readUInt32LE(at);
    if (type === loadCommand.segment64) {
      const segment = readSegment(file, at);
      if (segment.bytes > 0) segments.push(segment);
      contentStart = Math.min(contentStart, ...sectionOffsets(file, at));
    } else if (type === loadCommand.codeSignature)
      signature = { at, offset: file.readUInt32LE(at + 8), bytes: file.readUInt32LE(at + 12) };
    at += bytes;
  }
  assertSound(file, segments);
  return { isExecutable: file.readUInt32LE(12) === executableType, segments, commandsEnd, contentStart, signature };
}

/** @throws CodedError<MachOCode> mach-o-malformed */
export function findSegment({ segments }: MachO, name: string): Segment {
  const segment = segments.find((candidate) => candidate.name === name);
  if (segment === undefined) throw malformed(`expected a segment ${name}, got none`);
  return segment;
}

const memoryPage = 0x4000n;

/**
 * Makes room for a signature at the end of a copy, and names it in the header.
 * @param offset where the signature begins: after everything else, an old signature excepted.
 * @throws CodedError<MachOCode> mach-o-malformed
 */
export function withSignatureSpace(file: Buffer, machO: MachO, offset: number, bytes: number): Buffer {
  const { signature, commandsEnd, contentStart } = machO;
  const grown = Buffer.alloc(offset + bytes);
  file.copy(grown, 0, 0, Math.min(offset, file.length));
  if (signature === null) {
    if (commandsEnd + signatureCommandBytes > contentStart)
      throw malformed('expected room for another load command, got none');
    grown.writeUInt32LE(file.readUInt32LE(16) + 1, 16);
    grown.writeUInt32LE(file.readUInt32LE(20) + signatureCommandBytes, 20);
  }
  const at = signature?.at ?? commandsEnd;
  [loadCommand.codeSignature, signatureCommandBytes, offset, bytes].forEach((value, index) => {
    grown.writeUInt32LE(value, at + index * 4);
  });
  const link = findSegment(machO, '__LINKEDIT');
  const linkBytes = BigInt(grown.length - link.offset);
  grown.writeBigUInt64LE(((linkBytes + memoryPage - 1n) / memoryPage) * memoryPage, link.at + 32);
  grown.writeBigUInt64LE(linkBytes, link.at + 48);
  return grown;
}
