/** Makes a Windows DLL the same in every build: the linker writes the time into it and has no option against that. @see Microsoft's "PE Format" */

const headerOffsetAt = 0x3c;
const fileHeaderBytes = 24;
const sectionHeaderBytes = 40;
/** In the optional header of 64-bit images; each entry is an address and a size. */
const directoriesAt = 112;
const timedDirectories = { exports: 0, debug: 6 } as const;
const debugEntryBytes = 28;

/** Where an address of the loaded image lies in the file. */
function toFileOffset(bytes: Buffer, header: number, address: number): number {
  const sections = header + fileHeaderBytes + bytes.readUInt16LE(header + 20);
  for (let index = 0; index < bytes.readUInt16LE(header + 6); index += 1) {
    const section = sections + index * sectionHeaderBytes;
    const start = bytes.readUInt32LE(section + 12);
    if (address >= start && address < start + bytes.readUInt32LE(section + 16))
      return address - start + bytes.readUInt32LE(section + 20);
  }
  throw new RangeError(`expected a section at ${address}`);
}

/** Sets every time of the build in the image to zero. */
export function clearBuildTimes(bytes: Buffer): void {
  const header = bytes.readUInt32LE(headerOffsetAt);
  bytes.writeUInt32LE(0, header + 8);
  for (const directory of Object.values(timedDirectories)) {
    const entry = header + fileHeaderBytes + directoriesAt + directory * 8;
    const [address, sizeBytes] = [bytes.readUInt32LE(entry), bytes.readUInt32LE(entry + 4)];
    if (address === 0) continue;
    const start = toFileOffset(bytes, header, address);
    const count = directory === timedDirectories.debug ? sizeBytes / debugEntryBytes : 1;
    for (let index = 0; index < count; index += 1) bytes.writeUInt32LE(0, start + index * debugEntryBytes + 4);
  }
}
