/**
 * Removes build times from a Windows DLL, so that every build gives the same bytes. The linker has no option for it.
 * @see Microsoft's "PE Format"
 */

const headerOffsetAt = 0x3c;
const fileHeaderBytes = 24;
const sectionHeaderBytes = 40;
/** In the optional header of 64-bit images; each entry is an address and a size. */
const directoriesAt = 112;
const directory = { exports: 0, imports: 1, debug: 6 } as const;
const debugEntryBytes = 28;

/** The file offset of an address in the loaded image. */
export function toFileOffset(bytes: Buffer, address: number): number {
  const header = bytes.readUInt32LE(headerOffsetAt);
  const sections = header + fileHeaderBytes + bytes.readUInt16LE(header + 20);
  for (let index = 0; index < bytes.readUInt16LE(header + 6); index += 1) {
    const section = sections + index * sectionHeaderBytes;
    const start = bytes.readUInt32LE(section + 12);
    if (address >= start && address < start + bytes.readUInt32LE(section + 16))
      return address - start + bytes.readUInt32LE(section + 20);
  }
  throw new RangeError(`expected a section at ${address}`);
}

/** The address and size of a table; null when the image has none. */
export function findDirectory(
  bytes: Buffer,
  name: keyof typeof directory,
): { address: number; sizeBytes: number } | null {
  const header = bytes.readUInt32LE(headerOffsetAt);
  const entry = header + fileHeaderBytes + directoriesAt + directory[name] * 8;
  const address = bytes.readUInt32LE(entry);
  return address === 0 ? null : { address, sizeBytes: bytes.readUInt32LE(entry + 4) };
}

/** A copy with zero for every time of the build. */
export function withoutBuildTimes(image: Buffer): Buffer {
  const bytes = Buffer.from(image);
  bytes.writeUInt32LE(0, bytes.readUInt32LE(headerOffsetAt) + 8);
  for (const name of ['exports', 'debug'] as const) {
    const table = findDirectory(bytes, name);
    if (table === null) continue;
    const start = toFileOffset(bytes, table.address);
    const count = name === 'debug' ? table.sizeBytes / debugEntryBytes : 1;
    for (let index = 0; index < count; index += 1) bytes.writeUInt32LE(0, start + index * debugEntryBytes + 4);
  }
  return bytes;
}
