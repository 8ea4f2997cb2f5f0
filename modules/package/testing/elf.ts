/** Writes a program with these sections, for a reader of sections. */

interface ElfForm {
  readonly is64?: boolean;
  /** Larger than the least size of a program. */
  readonly paddingBytes?: number;
}

/** Where the first section is in memory; the others follow without a gap. */
export const firstAddress = 0x10000;

export function toElf(sections: Readonly<Record<string, Uint8Array>>, form: ElfForm = {}): Buffer {
  const { is64 = true, paddingBytes = 0 } = form;
  const [headBytes, entryBytes] = is64 ? [64, 64] : [52, 40];
  const names = Object.keys(sections);
  const texts = Buffer.from(['', ...names, '.shstrtab', ''].join('\0'));
  const contents = [...Object.values(sections), texts];
  const table = Buffer.alloc(entryBytes * (contents.length + 1));
  let offset = headBytes;
  for (const [index, content] of contents.entries()) {
    const at = entryBytes * (index + 1);
    const name = texts.indexOf(`\0${names[index] ?? '.shstrtab'}\0`) + 1;
    const address = index < names.length ? firstAddress + offset - headBytes : 0;
    table.writeUInt32LE(name, at);
    table.writeUInt32LE(1, at + 4);
    const numbers = [address, offset, content.length];
    for (const [field, number] of numbers.entries())
      if (is64) table.writeBigUInt64LE(BigInt(number), at + 16 + field * 8);
      else table.writeUInt32LE(number, at + 12 + field * 4);
    offset += content.length;
  }
  const head = Buffer.alloc(headBytes);
  head.write('\x7fELF', 'latin1');
  head[4] = is64 ? 2 : 1;
  head[5] = 1;
  if (is64) head.writeBigUInt64LE(BigInt(offset), 40);
  else head.writeUInt32LE(offset, 32);
  const counts = [entryBytes, contents.length + 1, contents.length];
  for (const [index, count] of counts.entries()) head.writeUInt16LE(count, headBytes - 6 + index * 2);
  return Buffer.concat([head, ...contents, table, Buffer.alloc(paddingBytes)]);
}

/** Build information of Go as it is since 1.18. @param modules lines with tabs. */
export function toGoBuildInfo(version: string, modules: string): Buffer {
  const head = Buffer.alloc(32);
  head.write('\xff Go buildinf:', 'latin1');
  head[14] = 8;
  head[15] = 2;
  const marked = `${'<'.repeat(16)}${modules}${'>'.repeat(16)}`;
  return Buffer.concat([head, ...[version, marked].flatMap((text) => [toVarint(text.length), Buffer.from(text)])]);
}

function toVarint(number: number): Buffer {
  return number < 0x80
    ? Buffer.from([number])
    : Buffer.concat([Buffer.from([(number & 0x7f) | 0x80]), toVarint(number >> 7)]);
}
