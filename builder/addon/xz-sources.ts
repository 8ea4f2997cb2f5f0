/** Unpacks the sources of liblzma, an archive in the package lzma-native. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseTar } from 'nanotar';
import bzip2 from 'seek-bzip';

export const xzVersion = '5.2.3';
const archive = `node_modules/lzma-native/deps/xz-${xzVersion}.tar.bz2`;

/** The unpacked sources; relative to the repository. */
export const xzSources = `.cache/xz-${xzVersion}`;

/** Does nothing when the sources are unpacked already. @param root the repository. */
export function unpackXzSources(root: string): void {
  const folder = join(root, xzSources);
  if (existsSync(folder)) return;
  // Renamed into place: two builds at once must not meet half of them.
  const temporary = `${folder}.${process.pid}.tmp`;
  const prefix = `xz-${xzVersion}/src/`;
  const sources = parseTar(bzip2.decode(readFileSync(join(root, archive))), {
    filter: ({ name }) => name.startsWith(prefix) && /\.[ch]$/.test(name) && !name.includes('..'),
  });
  for (const { name, data } of sources) {
    const path = join(temporary, name.slice(prefix.length));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, data ?? '');
  }
  try {
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}
