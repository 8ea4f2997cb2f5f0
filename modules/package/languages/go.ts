/** What was compiled into a program of Go: its modules, and the version of Go. @see the package debug/buildinfo of Go */
import { malformed } from '../../kit/files/malformed.ts';
import type { ElfFile } from './elf.ts';
import { type FoundPackage, isPlain } from './found-package.ts';

const sectionName = '.go.buildinfo';
const magic = Buffer.from('\xff Go buildinf:', 'latin1');
/** The largest known have 100 KB. */
const most = 4 * 1024 * 1024;

/** Bits of the byte behind the size of an address. */
const isInline = 2;
const headBytes = 32;

/** Behind a length in groups of seven bits. */
function readInline(bytes: Buffer, start: number): { readonly text: Buffer; readonly end: number } {
  let length = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte >= 0x80) continue;
    const from = start + index + 1;
    if (from + length > bytes.length) break;
    return { text: bytes.subarray(from, from + length), end: from + length };
  }
  throw malformed('a text with its length', 'other bytes');
}

/** Before Go 1.18 the section has the address of a text's address and length. */
function readPointed(elf: ElfFile, section: Buffer, offset: number): Buffer {
  const header = elf.atAddress(elf.toAddress(section, offset), elf.addressBytes * 2);
  const [address, length] = [elf.toAddress(header, 0), elf.toAddress(header, elf.addressBytes)];
  if (length > most) throw malformed(`a text of at most ${most} bytes`, length);
  return length === 0 ? Buffer.alloc(0) : elf.atAddress(address, length);
}

function readTexts(elf: ElfFile, section: Buffer): readonly [version: Buffer, modules: Buffer] {
  if (((section[15] ?? 0) & isInline) === 0)
    return [readPointed(elf, section, 16), readPointed(elf, section, 16 + elf.addressBytes)];
  const version = readInline(section, headBytes);
  return [version.text, readInline(section, version.end).text];
}

/** Marks of 16 bytes stand around the list. */
function withoutMarks(modules: Buffer): string {
  const isMarked = modules.length >= 33 && modules[modules.length - 17] === 0x0a;
  return isMarked ? modules.toString('utf8', 16, modules.length - 16) : '';
}

/** `mod` is the program's own; `=>` is what was taken in place of the line before. */
function* parseModules(text: string): Generator<FoundPackage> {
  let pending: FoundPackage | undefined;
  for (const line of text.split('\n')) {
    const [word, name = '', version = ''] = line.split('\t');
    if (!['mod', 'dep', '=>'].includes(word ?? '')) continue;
    // One without a version is a folder of the machine that compiled it.
    const isFolder = word === '=>' && version === '';
    if (word !== '=>' && pending !== undefined) yield pending;
    if (isFolder) pending = pending && { ...pending, version: null };
    else pending = isPlain(name) ? { type: 'go', name, version: isPlain(version) ? version : null } : undefined;
  }
  if (pending !== undefined) yield pending;
}

/** None for a program of another language. @throws CodedError `database-malformed`, the system's errors */
export function readGo(elf: ElfFile): readonly FoundPackage[] {
  const section = elf.section(sectionName, most);
  if (section === undefined) return [];
  if (section.length < headBytes || !section.subarray(0, magic.length).equals(magic))
    throw malformed('the head of build information', `${section.length} other bytes`);
  const [version, modules] = readTexts(elf, section);
  const go = version.toString('utf8');
  // The library that comes with Go has advisories of its own.
  const library: FoundPackage = { type: 'go', name: 'stdlib', version: isPlain(go) ? go : null };
  return [library, ...parseModules(withoutMarks(modules))];
}
