/**
 * The symbols of a macOS file. They are for linkers and debuggers: the loader has a tree of exports and a list of imports
 * of its own.
 * @see https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h and nlist.h
 */
import { findSegment, malformed, parseMachO } from './mach-o.ts';

/** Raised when files without local symbols change, so that caches notice. */
export const symbolsVersion = 1;

const loadCommand = { symbols: 0x2, symbolGroups: 0xb } as const;
const headerBytes = 32;
const symbolBytes = 16;
const type = { isExternal: 0x01, kind: 0x0e } as const;
/** In the table of symbols behind pointers: nothing that has a name. */
const noSymbol = 0x80000000;
/** Alignment of a signature after the tables. */
const alignment = 16;
/** Instead of the number of a library: the symbol is looked up in all loaded ones. */
export const anyLibrary = 0xfe;

export interface MachSymbol {
  readonly name: string;
  readonly isDefined: boolean;
  /** Of an undefined one: which library has it, counted from 1, or `anyLibrary`. */
  readonly library: number;
  readonly address: bigint;
  /** Its number in the table. */
  readonly index: number;
}

/** Where a load command begins. @throws CodedError<MachOCode> mach-o-malformed */
export function findCommand(file: Buffer, wanted: number): number {
  let at = headerBytes;
  for (let left = file.readUInt32LE(16); left > 0; left -= 1) {
    if (file.readUInt32LE(at) === wanted) return at;
    at += file.readUInt32LE(at + 4);
  }
  throw malformed(`expected the load command 0x${wanted.toString(16)}, got none`);
}

interface Tables {
  /** Offsets of the load commands that describe the tables. */
  readonly command: number;
  readonly groupsCommand: number;
  readonly symbolsAt: number;
  readonly count: number;
  readonly namesAt: number;
  readonly namesEnd: number;
  /** For each pointer that is filled at run time, the number of its symbol. */
  readonly pointersAt: number;
  readonly pointers: readonly number[];
}

function readTables(file: Buffer): Tables {
  const [command, groupsCommand] = [
    findCommand(file, loadCommand.symbols),
    findCommand(file, loadCommand.symbolGroups),
  ];
  const namesAt = file.readUInt32LE(command + 16);
  const pointersAt = file.readUInt32LE(groupsCommand + 56);
  const pointerCount = file.readUInt32LE(groupsCommand + 60);
  return {
    command,
    groupsCommand,
    symbolsAt: file.readUInt32LE(command + 8),
    count: file.readUInt32LE(command + 12),
    namesAt,
    namesEnd: namesAt + file.readUInt32LE(command + 20),
    pointersAt,
    pointers: Array.from({ length: pointerCount }, (_, index) => file.readUInt32LE(pointersAt + index * 4)),
  };
}

/** Exported and imported symbols, in the order of the table. @throws CodedError<MachOCode> mach-o-malformed */
export function readSymbols(file: Buffer): MachSymbol[] {
  const { symbolsAt, count, namesAt } = readTables(file);
  const symbols: MachSymbol[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = symbolsAt + index * symbolBytes;
    const flags = file.readUInt8(at + 4);
    if ((flags & type.isExternal) === 0) continue;
    const start = namesAt + file.readUInt32LE(at);
    symbols.push({
      name: file.toString('latin1', start, file.indexOf(0, start)),
      isDefined: (flags & type.kind) !== 0,
      library: file.readUInt8(at + 7),
      address: file.readBigUInt64LE(at + 8),
      index,
    });
  }
  return symbols;
}

/** Whose address is in each pointer that is filled at run time; null: of something without a name. @throws CodedError<MachOCode> mach-o-malformed */
export function readPointers(file: Buffer): (string | null)[] {
  const names = new Map(readSymbols(file).map(({ index, name }) => [index, name]));
  return readTables(file).pointers.map((index) => names.get(index) ?? null);
}

/**
 * @param kept of those that `readSymbols` gave.
 * @returns a copy without any other, whose signature, if it has one, does not hold.
 * @throws CodedError<MachOCode> mach-o-malformed
 */
export function keepSymbols(file: Buffer, kept: readonly MachSymbol[]): Buffer {
  const machO = parseMachO(file);
  const tables = readTables(file);
  const { command, groupsCommand, symbolsAt, pointersAt, namesAt, namesEnd } = tables;
  const end = machO.signature?.offset ?? file.length;
  if (!(symbolsAt <= pointersAt && pointersAt <= namesAt && namesEnd <= end && end - namesEnd < alignment))
    throw malformed('expected symbols, pointers and names one after the other, and nothing but a signature behind');

  const defined = kept.filter(({ isDefined }) => isDefined);
  const imported = kept.filter(({ isDefined }) => !isDefined);
  const ordered = [...defined, ...imported];
  const symbols = ordered.map(({ index }) => {
    const at = symbolsAt + index * symbolBytes;
    return Buffer.from(file.subarray(at, at + symbolBytes));
  });
  // The first byte is the empty name.
  let nameAt = 1;
  for (const [place, { name }] of ordered.entries()) {
    symbols[place]?.writeUInt32LE(nameAt, 0);
    nameAt += name.length + 1;
  }
  const places = new Map(ordered.map(({ index }, place) => [index, place]));
  const pointers = Buffer.alloc(tables.pointers.length * 4);
  for (const [place, index] of tables.pointers.entries())
    pointers.writeUInt32LE(places.get(index) ?? noSymbol, place * 4);
  const names = Buffer.from(`\0${ordered.map(({ name }) => `${name}\0`).join('')}`, 'latin1');

  const copy = Buffer.concat([file.subarray(0, symbolsAt), ...symbols, pointers, names]);
  const write = (at: number, ...values: readonly number[]): void => {
    for (const [place, value] of values.entries()) copy.writeUInt32LE(value, at + place * 4);
  };
  write(command + 12, ordered.length, copy.length - names.length, names.length);
  // First and number of the local, the defined and the imported ones.
  write(groupsCommand + 8, 0, 0, 0, defined.length, defined.length, imported.length);
  write(groupsCommand + 56, copy.length - names.length - pointers.length);
  if (machO.signature !== null) write(machO.signature.at + 8, copy.length);
  const link = findSegment(machO, '__LINKEDIT');
  copy.writeBigUInt64LE(BigInt(copy.length - link.offset), link.at + 48);
  return copy;
}

/**
 * Removes the names that only debuggers read: those of symbols that are neither exported nor imported. Node has 22 MB of
 * them.
 * @returns a copy, whose signature, if it has one, does not hold.
 * @throws CodedError<MachOCode> mach-o-malformed
 */
export function dropLocalSymbols(file: Buffer): Buffer {
  return keepSymbols(file, readSymbols(file));
}
