/** Reads the imports and exports of a Windows image. @see Microsoft's "PE Format" */
import { findDirectory, toFileOffset } from '../portable-executable.ts';

const importEntryBytes = 20;

function readText(image: Buffer, address: number): string {
  const start = toFileOffset(image, address);
  return image.toString('latin1', start, image.indexOf(0, start));
}

/** Names of functions, by the library (in small letters) that has them. */
export function readImports(image: Buffer): ReadonlyMap<string, readonly string[]> {
  const imports = new Map<string, string[]>();
  const table = findDirectory(image, 'imports');
  if (table === null) return imports;
  for (let entry = toFileOffset(image, table.address); ; entry += importEntryBytes) {
    const [names, library] = [image.readUInt32LE(entry), image.readUInt32LE(entry + 12)];
    if (library === 0) return imports;
    const list: string[] = [];
    for (let at = toFileOffset(image, names); image.readBigUInt64LE(at) !== 0n; at += 8)
      list.push(readText(image, image.readUInt32LE(at) + 2));
    imports.set(readText(image, library).toLowerCase(), list);
  }
}

export function readExports(image: Buffer): string[] {
  const table = findDirectory(image, 'exports');
  if (table === null) return [];
  const start = toFileOffset(image, table.address);
  const names = toFileOffset(image, image.readUInt32LE(start + 32));
  return Array.from({ length: image.readUInt32LE(start + 24) }, (_, index) =>
    readText(image, image.readUInt32LE(names + index * 4)),
  );
}
