/**
 * Leaves only what Node looks for in the symbol tables of a macOS addon: the linker has no option for it, and shows
 * everything. @see https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h and nlist.h
 */
import { CodedError } from '../../protocol/coded-error.ts';
import { signAdHoc } from '../package/mach-o/code-signature.ts';
import { findSegment, parseMachO } from '../package/mach-o/mach-o.ts';

const loadCommand = { symbols: 0x2, symbolGroups: 0xb, loaderInformation: 0x80000022 } as const;
const headerBytes = 32;
const symbolBytes = 16;
const type = { isExternal: 0x01, kind: 0x0e } as const;
/** In the table of symbols behind pointers: nothing that has a name. */
const noSymbol = 0x80000000;
/** Instead of the number of a library: looked for in all that is loaded. */
export const anyLibrary = 0xfe;

export interface MachSymbol {
  readonly name: string;
  readonly isDefined: boolean;
  /** Of an undefined one: which library has it, counted from 1, or `anyLibrary`. */
  readonly library: number;
  readonly address: bigint;
  /** Its entry in the file. */
  readonly at: number;
}

/** Where a load command begins. @throws CodedError<MachOCode> mach-o-malformed */
function findCommand(file: Buffer, wanted: number): number {
  let at = headerBytes;
  for (let left = file.readUInt32LE(16); left > 0; left -= 1) {
    if (file.readUInt32LE(at) === wanted) return at;
    at += file.readUInt32LE(at + 4);
  }
  throw new CodedError('mach-o-malformed', `expected the load command 0x${wanted.toString(16)}, got none`);
}

/** Symbols that other files see or that are in other files, in the order of the table. @throws CodedError<MachOCode> mach-o-malformed */
export function readSymbols(file: Buffer): MachSymbol[] {
  const command = findCommand(file, loadCommand.symbols);
  const [table, count, names] = [8, 12, 16].map((offset) => file.readUInt32LE(command + offset));
  const symbols: MachSymbol[] = [];
  for (let index = 0; index < (count ?? 0); index += 1) {
    const at = (table ?? 0) + index * symbolBytes;
    const flags = file.readUInt8(at + 4);
    if ((flags & type.isExternal) === 0) continue;
    const start = (names ?? 0) + file.readUInt32LE(at);
    symbols.push({
      name: file.toString('latin1', start, file.indexOf(0, start)),
      isDefined: (flags & type.kind) !== 0,
      library: file.readUInt8(at + 7),
      address: file.readBigUInt64LE(at + 8),
      at,
    });
  }
  return symbols;
}

/** Unsigned LEB128. */
function toVariable(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...toVariable(Math.floor(value / 0x80))];
}

/** What the loader finds exported symbols by: a tree of the names' parts; here their common beginning and the rests. */
function toExportTree(symbols: readonly { readonly name: string; readonly offset: number }[]): Buffer {
  const [first = { name: '' }] = symbols;
  let shared = 0;
  while (symbols.every(({ name }) => shared < name.length && name[shared] === first.name[shared])) shared += 1;
  const leaves = symbols.map(({ offset }) => {
    const value = [0, ...toVariable(offset)];
    return [value.length, ...value, 0];
  });
  const edge = (text: string, to: number): number[] => [...Buffer.from(text, 'latin1'), 0, to];
  const root = (to: number): number[] => [0, 1, ...edge(first.name.slice(0, shared), to)];
  const fork = (firstLeaf: number): number[] => {
    let at = firstLeaf;
    const edges = symbols.flatMap(({ name }, index) => {
      const made = edge(name.slice(shared), at);
      at += leaves[index]?.length ?? 0;
      return made;
    });
    return [0, symbols.length, ...edges];
  };
  const forkAt = root(0).length;
  const tree = Buffer.from([...root(forkAt), ...fork(forkAt + fork(0).length), ...leaves.flat()]);
  // Places are written in one byte each.
  if (tree.length >= 0x80) throw new RangeError(`expected a tree of less than 128 bytes, got ${tree.length}`);
  return tree;
}

/**
 * @param shown names with the underscore that the linker puts in front.
 * @returns a copy, signed anew.
 * @throws CodedError<MachOCode> mach-o-malformed
 */
export function hideSymbols(file: Buffer, shown: readonly string[], identifier: string): Buffer {
  const machO = parseMachO(file);
  const [symbols, groups] = [findCommand(file, loadCommand.symbols), findCommand(file, loadCommand.symbolGroups)];
  const all = readSymbols(file);
  const defined = all.filter(({ isDefined, name }) => isDefined && shown.includes(name));
  const imported = all.filter(({ isDefined }) => !isDefined);
  const tables = toTables(file, [...defined, ...imported], groups);
  // The linker puts these tables last, but for the signature, which does not fit any more.
  const start = file.readUInt32LE(symbols + 8);
  const whole = Buffer.concat([file.subarray(0, start), tables.bytes]);
  const write = (at: number, ...values: readonly number[]): void => {
    for (const [index, value] of values.entries()) whole.writeUInt32LE(value, at + index * 4);
  };
  write(
    symbols + 8,
    start,
    defined.length + imported.length,
    start + tables.namesAt,
    whole.length - start - tables.namesAt,
  );
  write(groups + 8, 0, 0, 0, defined.length, defined.length, imported.length);
  write(groups + 56, start + tables.pointersAt);
  if (machO.signature !== null) write(machO.signature.at + 8, whole.length);
  const link = findSegment(machO, '__LINKEDIT');
  whole.writeBigUInt64LE(BigInt(whole.length - link.offset), link.at + 48);
  writeExports(whole, defined, findSegment(machO, '__TEXT').address);
  return signAdHoc(whole, identifier);
}

function writeExports(copy: Buffer, defined: readonly MachSymbol[], base: bigint): void {
  const information = findCommand(copy, loadCommand.loaderInformation);
  const tree = toExportTree(defined.map(({ name, address }) => ({ name, offset: Number(address - base) })));
  const [at, bytes] = [copy.readUInt32LE(information + 40), copy.readUInt32LE(information + 44)];
  copy.fill(0, at, at + bytes);
  copy.set(tree, at);
  copy.writeUInt32LE(Math.ceil(tree.length / 8) * 8, information + 44);
}

interface Tables {
  readonly bytes: Buffer;
  readonly pointersAt: number;
  readonly namesAt: number;
}

/** The symbols, which of them is behind each pointer, and the names. */
function toTables(file: Buffer, kept: readonly MachSymbol[], groups: number): Tables {
  const symbols = kept.map(({ at }) => Buffer.from(file.subarray(at, at + symbolBytes)));
  // The first byte is the empty name.
  let nameAt = 1;
  for (const [index, { name }] of kept.entries()) {
    symbols[index]?.writeUInt32LE(nameAt, 0);
    nameAt += name.length + 1;
  }
  const command = findCommand(file, loadCommand.symbols);
  const table = file.readUInt32LE(command + 8);
  const places = new Map(kept.map(({ at }, index) => [(at - table) / symbolBytes, index]));
  const [pointersStart, count] = [file.readUInt32LE(groups + 56), file.readUInt32LE(groups + 60)];
  const pointers = Buffer.alloc(count * 4);
  for (let index = 0; index < count; index += 1)
    pointers.writeUInt32LE(places.get(file.readUInt32LE(pointersStart + index * 4)) ?? noSymbol, index * 4);
  const names = Buffer.from(`\0${kept.map(({ name }) => `${name}\0`).join('')}`, 'latin1');
  const pointersAt = kept.length * symbolBytes;
  return { bytes: Buffer.concat([...symbols, pointers, names]), pointersAt, namesAt: pointersAt + pointers.length };
}
