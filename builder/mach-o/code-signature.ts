/**
 * Signatures without an identity ("ad hoc") in macOS executables: a digest of every page. Without one, the kernel of Apple
 * silicon ends the program at its start. Signing with an identity replaces it.
 * @see https://github.com/apple-oss-distributions/xnu/blob/main/osfmk/kern/cs_blobs.h for the layout, big-endian
 */
import { createHash } from 'node:crypto';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { findSegment, type MachO, type MachOCode, parseMachO, withSignatureSpace } from './mach-o.ts';

/** Raised when signatures change, so that caches notice. */
export const signatureVersion = 1;

const magic = { signature: 0xfade0cc0, codeDirectory: 0xfade0c02 } as const;
/** Ad hoc, made by a linker: codesign replaces such a signature without `--force`. */
const flags = { adHoc: 0x2, linkerSigned: 0x20000 } as const;
/** The first version with the main executable's segment in it. */
const directoryVersion = 0x20400;
const directoryBytes = 88;
const sha256Type = 2;
const digestBytes = 32;
const pageBits = 12;
const isMainExecutable = 1n;
const indexBytes = 20;
const alignment = 16;

function digestPages(code: Buffer, pageBytes: number): Buffer[] {
  const pages: Buffer[] = [];
  for (let start = 0; start < code.length; start += pageBytes)
    pages.push(
      createHash('sha256')
        .update(code.subarray(start, start + pageBytes))
        .digest(),
    );
  return pages;
}

function toCodeDirectory(machO: MachO, identifier: string, code: Buffer): Buffer {
  const name = Buffer.from(`${identifier}\0`, 'latin1');
  const pages = digestPages(code, 2 ** pageBits);
  const header = Buffer.alloc(directoryBytes);
  const text = findSegment(machO, '__TEXT');
  const hashOffset = directoryBytes + name.length;
  [
    magic.codeDirectory,
    hashOffset + pages.length * digestBytes,
    directoryVersion,
    flags.adHoc | flags.linkerSigned,
    hashOffset,
    directoryBytes,
    0, // digests of things beside the code
    pages.length,
    code.length,
  ].forEach((value, index) => {
    header.writeUInt32BE(value, index * 4);
  });
  header.set([digestBytes, sha256Type, 0, pageBits], 36);
  header.writeBigUInt64BE(BigInt(text.offset), 64);
  header.writeBigUInt64BE(BigInt(text.bytes), 72);
  header.writeBigUInt64BE(machO.isExecutable ? isMainExecutable : 0n, 80);
  return Buffer.concat([header, name, ...pages]);
}

/** @returns a signed copy; the same input gives the same bytes. @throws CodedError<MachOCode> mach-o-malformed */
export function signAdHoc(file: Buffer, identifier: string): Buffer {
  const machO = parseMachO(file);
  const codeEnd = machO.signature?.offset ?? file.length;
  const offset = Math.ceil(codeEnd / alignment) * alignment;
  const pages = Math.ceil(offset / 2 ** pageBits);
  const bytes = indexBytes + directoryBytes + identifier.length + 1 + pages * digestBytes;
  const signed = withSignatureSpace(file, machO, offset, bytes);
  [magic.signature, bytes, 1, 0, indexBytes].forEach((value, index) => {
    signed.writeUInt32BE(value, offset + index * 4);
  });
  toCodeDirectory(machO, identifier, signed.subarray(0, offset)).copy(signed, offset + indexBytes);
  return signed;
}

export interface CodeSignature {
  readonly identifier: string;
  readonly isAdHoc: boolean;
  readonly pages: number;
}

function invalid(message: string): CodedError<MachOCode> {
  return new CodedError('signature-invalid', message, {
    hint: 'the file was changed after it was signed: sign it again',
  });
}

/** The code directory with SHA-256 among a signature's parts. */
function findDirectory(signature: Buffer): Buffer {
  const count = signature.length >= 12 && signature.readUInt32BE(0) === magic.signature ? signature.readUInt32BE(8) : 0;
  for (let index = 0; index < count && 12 + index * 8 + 8 <= signature.length; index += 1) {
    const part = signature.subarray(signature.readUInt32BE(12 + index * 8 + 4));
    if (part.length < directoryBytes || part.readUInt32BE(0) !== magic.codeDirectory) continue;
    if (part[37] === sha256Type && part[36] === digestBytes) return part.subarray(0, part.readUInt32BE(4));
  }
  throw invalid('expected a code directory with SHA-256, got none');
}

/**
 * Checks every page of the code against the signature, as the kernel does when it loads them. It does not check who signed.
 * @throws CodedError<MachOCode>
 */
export function verifyCodeSignature(file: Buffer): CodeSignature {
  const machO = parseMachO(file);
  const { signature } = machO;
  if (signature === null) throw invalid('expected a signature, got none');
  const { offset, bytes } = signature;
  const link = findSegment(machO, '__LINKEDIT');
  if (offset < link.offset || offset + bytes !== file.length || link.offset + link.bytes !== file.length)
    throw invalid('expected the signature at the end of __LINKEDIT and of the file');
  const directory = findDirectory(file.subarray(offset));
  const [hashOffset, nameOffset] = [directory.readUInt32BE(16), directory.readUInt32BE(20)];
  const [pages, codeEnd] = [directory.readUInt32BE(28), directory.readUInt32BE(32)];
  const pageBytes = 2 ** (directory[39] ?? 0);
  if (codeEnd !== offset || pages !== Math.ceil(codeEnd / pageBytes))
    throw invalid(`expected all ${offset} bytes before the signature to be signed, got ${codeEnd}`);
  digestPages(file.subarray(0, codeEnd), pageBytes).forEach((digest, index) => {
    const start = hashOffset + index * digestBytes;
    if (!digest.equals(directory.subarray(start, start + digestBytes)))
      throw invalid(`expected page ${index} of the file as it was signed, got another`);
  });
  return {
    identifier: directory.toString('latin1', nameOffset, directory.indexOf(0, nameOffset)),
    isAdHoc: (directory.readUInt32BE(12) & flags.adHoc) !== 0,
    pages,
  };
}
