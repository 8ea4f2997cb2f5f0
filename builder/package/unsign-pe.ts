/**
 * Removes the signature of Node's makers from their Windows executable. It would not hold for the agent, and nothing may
 * follow a signature in the file.
 * @see https://learn.microsoft.com/windows/win32/debug/pe-format
 */

/** Raised when the result changes, so that caches notice. */
export const unsignVersion = 1;

const peOffset = 0x3c;
const optionalHeader = 24;
const plus64 = 0x20b;
/** Within the optional header of 64-bit executables. */
const [checksum, certificateTable] = [64, 112 + 4 * 8];

/**
 * @param file a 64-bit executable; it is not changed.
 * @returns it without signature and checksum, which only drivers need.
 * @throws TypeError when it is something else
 */
export function unsignPe(file: Buffer): Buffer {
  const pe = file.length > peOffset + 4 && file.toString('latin1', 0, 2) === 'MZ' ? file.readUInt32LE(peOffset) : 0;
  const optional = pe + optionalHeader;
  const isPe = pe > 0 && file.length > optional + certificateTable + 8 && file.readUInt32LE(pe) === 0x4550;
  if (!isPe || file.readUInt16LE(optional) !== plus64) throw new TypeError('expected a 64-bit Windows executable');
  const table = optional + certificateTable;
  const [start, bytes] = [file.readUInt32LE(table), file.readUInt32LE(table + 4)];
  if (start > 0 && start + bytes !== file.length) throw new TypeError('expected the signature at the end of the file');
  const unsigned = Buffer.from(file.subarray(0, start > 0 ? start : file.length));
  unsigned.writeUInt32LE(0, optional + checksum);
  unsigned.fill(0, table, table + 8);
  return unsigned;
}
