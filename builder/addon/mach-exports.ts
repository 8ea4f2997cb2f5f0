/**
 * Hides the exports of a macOS addon, except those that Node looks for. The linker exports everything, and has no option
 * against it.
 * @see https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h
 */
import { signAdHoc } from '../mach-o/code-signature.ts';
import { findSegment, parseMachO } from '../mach-o/mach-o.ts';
import { findCommand, keepSymbols, type MachSymbol, readSymbols } from '../mach-o/symbols.ts';

/** The load command. */
const loaderInformation = 0x80000022;

/** Unsigned LEB128. */
function toVariable(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...toVariable(Math.floor(value / 0x80))];
}

/** The loader's tree of exported symbols: here the common beginning of the names, and their rests. */
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
  // Offsets are written in one byte each.
  if (tree.length >= 0x80) throw new RangeError(`expected a tree of less than 128 bytes, got ${tree.length}`);
  return tree;
}

/**
 * @param shown names with the underscore that the linker puts in front.
 * @returns a copy, signed anew.
 * @throws CodedError<MachOCode> mach-o-malformed
 */
export function hideSymbols(file: Buffer, shown: readonly string[], identifier: string): Buffer {
  const symbols = readSymbols(file);
  const defined = symbols.filter(({ isDefined, name }) => isDefined && shown.includes(name));
  const whole = keepSymbols(file, [...defined, ...symbols.filter(({ isDefined }) => !isDefined)]);
  writeExports(whole, defined, findSegment(parseMachO(file), '__TEXT').address);
  return signAdHoc(whole, identifier);
}

function writeExports(copy: Buffer, defined: readonly MachSymbol[], base: bigint): void {
  const information = findCommand(copy, loaderInformation);
  const tree = toExportTree(defined.map(({ name, address }) => ({ name, offset: Number(address - base) })));
  const [at, bytes] = [copy.readUInt32LE(information + 40), copy.readUInt32LE(information + 44)];
  copy.fill(0, at, at + bytes);
  copy.set(tree, at);
  copy.writeUInt32LE(Math.ceil(tree.length / 8) * 8, information + 44);
}
