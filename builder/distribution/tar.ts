/** Tar archives (POSIX ustar) without traces of their making: root owns all files, and their time is zero. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { BuildCode } from '../bundle.ts';

export interface TarEntry {
  /** Relative; a folder's ends with a slash. */
  readonly name: string;
  readonly mode: number;
  readonly content: Uint8Array;
  /** Makes it a symbolic link to that path. */
  readonly linkTo?: string;
}

const blockBytes = 512;
const maximumNameBytes = 100;

function toHeader({ name, mode, content, linkTo }: TarEntry): Buffer {
  for (const path of [name, linkTo ?? ''])
    if (Buffer.byteLength(path) > maximumNameBytes)
      throw new CodedError<BuildCode>('bundle-failed', `expected a name of ${maximumNameBytes} bytes, got ${path}`);
  const header = Buffer.alloc(blockBytes);
  const octal = (value: number, offset: number, length: number): void => {
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset, 'latin1');
  };
  header.write(name, 0, 'utf8');
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(content.length, 124, 12);
  octal(0, 136, 12);
  // The checksum counts its own field as spaces.
  header.fill(' ', 148, 156);
  const type = name.endsWith('/') ? '5' : linkTo === undefined ? '0' : '2';
  header.write(`${type}${linkTo ?? ''}`, 156, 'utf8');
  header.write('ustar\x0000root', 257, 'latin1');
  header.write('root', 297, 'latin1');
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return header;
}

/** Every folder above the entries comes before them. */
function withFolders(entries: readonly TarEntry[]): TarEntry[] {
  const folders = new Set<string>();
  for (const { name } of entries)
    for (let slash = name.indexOf('/'); slash !== -1; slash = name.indexOf('/', slash + 1))
      folders.add(name.slice(0, slash + 1));
  const made = [...folders].sort().map((name) => ({ name, mode: 0o755, content: new Uint8Array() }));
  return [...made, ...entries];
}

/** @param folders whether every folder above an entry comes before it, for a program that makes none by itself. */
export function makeTar(entries: readonly TarEntry[], folders: 'with-folders' | 'without-folders'): Buffer {
  const parts: Uint8Array[] = [];
  for (const entry of folders === 'with-folders' ? withFolders(entries) : entries) {
    const padding = Buffer.alloc((blockBytes - (entry.content.length % blockBytes)) % blockBytes);
    parts.push(toHeader(entry), entry.content, padding);
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * blockBytes)]);
}
