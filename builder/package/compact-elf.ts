/**
 * Removes the empty space between the segments of a Linux executable. Node's linker begins a segment at a multiple of 2
 * MiB; an agent does not need this megabyte of zeros.
 * @see elf(5), and https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html for the layout
 */

/** Raised when the result changes, so that caches notice. */
export const compactVersion = 1;

const loadable = 1;
const withoutBits = 8;

/** Positions of the fields with file offsets, in bytes; 64 bits, little-endian. */
const fileHeader = { programTable: 32, sectionTable: 40, programSize: 54, sectionSize: 58 } as const;
const programHeader = { offset: 8, fileBytes: 32, alignment: 48 } as const;
const sectionHeader = { type: 4, offset: 24, bytes: 32 } as const;

/** Everything from this offset on moves towards the beginning. */
interface Move {
  readonly from: bigint;
  readonly by: bigint;
}

/** Offsets of a table's entries. Their number follows the size of one. */
function listEntries(elf: Buffer, table: number, size: number): number[] {
  const start = Number(elf.readBigUInt64LE(table));
  const [bytes, count] = [elf.readUInt16LE(size), elf.readUInt16LE(size + 2)];
  return Array.from({ length: count }, (_, index) => start + index * bytes);
}

function findMoves(elf: Buffer, programs: readonly number[]): Move[] {
  const segments = programs
    .filter((at) => elf.readUInt32LE(at) === loadable)
    .map((at) => ({
      start: elf.readBigUInt64LE(at + programHeader.offset),
      bytes: elf.readBigUInt64LE(at + programHeader.fileBytes),
      alignment: elf.readBigUInt64LE(at + programHeader.alignment),
    }))
    .sort((left, right) => Number(left.start - right.start));
  // Offset and address of a segment must agree modulo its alignment: all move by multiples of the largest.
  const step = segments.reduce((largest, { alignment }) => (alignment > largest ? alignment : largest), 1n);
  const moves: Move[] = [];
  let end: bigint | null = null;
  let by = 0n;
  for (const { start, bytes } of segments) {
    const gap: bigint = end === null || start < end ? 0n : ((start - end) / step) * step;
    by += gap;
    if (gap > 0n) moves.push({ from: start, by });
    end = start + bytes;
  }
  return moves;
}

/**
 * @param elf a 64-bit little-endian executable; it is not changed.
 * @throws TypeError when it is something else
 */
export function compactElf(elf: Buffer): Buffer {
  if (elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2 || elf[5] !== 1)
    throw new TypeError('expected a 64-bit little-endian ELF file');
  const programs = listEntries(elf, fileHeader.programTable, fileHeader.programSize);
  const sections = listEntries(elf, fileHeader.sectionTable, fileHeader.sectionSize);
  const moves = findMoves(elf, programs);
  const moved = (offset: bigint): bigint => offset - (moves.findLast(({ from }) => from <= offset)?.by ?? 0n);
  for (const at of sections) {
    const start = elf.readBigUInt64LE(at + sectionHeader.offset);
    const end = start + elf.readBigUInt64LE(at + sectionHeader.bytes);
    if (
      elf.readUInt32LE(at + sectionHeader.type) !== withoutBits &&
      moves.some(({ from }) => start < from && end > from)
    )
      throw new TypeError(`expected sections between segments to stay whole, got one at ${start}`);
  }

  const patched = Buffer.from(elf);
  const patch = (at: number): void => {
    patched.writeBigUInt64LE(moved(elf.readBigUInt64LE(at)), at);
  };
  for (const at of programs) patch(at + programHeader.offset);
  for (const at of sections) patch(at + sectionHeader.offset);
  patch(fileHeader.sectionTable);
  const pieces: Buffer[] = [];
  let begin = 0;
  let before = 0n;
  for (const { from, by } of moves) {
    pieces.push(patched.subarray(begin, Number(from - (by - before))));
    begin = Number(from);
    before = by;
  }
  return Buffer.concat([...pieces, patched.subarray(begin)]);
}
