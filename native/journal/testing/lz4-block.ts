/** Packs a block of LZ4, not well: the nearest repetition of four bytes is taken. @see LZ4's "Block Format Description" */

const shortest = 4;
/** The format wants the last bytes as they are. */
const lastLiterals = 12;

function toLength(length: number): number[] {
  if (length < 15) return [];
  const bytes: number[] = [];
  let rest = length - 15;
  for (; rest >= 255; rest -= 255) bytes.push(255);
  return [...bytes, rest];
}

function toSequence(literals: Buffer, match: { readonly distance: number; readonly length: number } | null): Buffer {
  const matchLength = match === null ? 0 : match.length - shortest;
  const token = (Math.min(literals.length, 15) << 4) | Math.min(matchLength, 15);
  const tail = match === null ? [] : [match.distance & 0xff, match.distance >> 8, ...toLength(matchLength)];
  return Buffer.concat([Buffer.from([token, ...toLength(literals.length)]), literals, Buffer.from(tail)]);
}

export function packLz4Block(plain: Buffer): Buffer {
  const seen = new Map<number, number>();
  const parts: Buffer[] = [];
  let start = 0;
  let at = 0;
  while (at + lastLiterals < plain.length) {
    const next = plain.readUInt32LE(at);
    const before = seen.get(next);
    seen.set(next, at);
    if (before === undefined || at - before > 0xffff) {
      at += 1;
      continue;
    }
    let length = shortest;
    while (at + length + lastLiterals < plain.length && plain[before + length] === plain[at + length]) length += 1;
    parts.push(toSequence(plain.subarray(start, at), { distance: at - before, length }));
    at += length;
    start = at;
  }
  return Buffer.concat([...parts, toSequence(plain.subarray(start), null)]);
}
