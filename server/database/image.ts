/**
 * An initialised embedded database as one file: making one from nothing takes PGlite several seconds, unpacking it a
 * fraction of one. Where the file is not there, the database is made from nothing, with the same outcome.
 */

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { parseTar } from 'nanotar';
import { makeFolder } from '../../host/make-folder.ts';
import { replaceFile } from '../../host/replace-file.ts';
import { migrate } from './migrate.ts';

/** The image beside the bundle that this file has become part of; else the one that the tools of this checkout have. */
const places = ['./database-image.tar.gz', '../../dist/tools/database-image.tar.gz'].map((place) =>
  fileURLToPath(new URL(place, import.meta.url)),
);

/** Makes the image, with the schema of this checkout. It fits the PGlite that is installed and no other. */
export async function makeDatabaseImage(file: string): Promise<void> {
  const pglite = await PGlite.create();
  await migrate(async (statements) => (await pglite.exec(statements)).at(-1)?.rows ?? []);
  const tar = Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer());
  await pglite.close();
  makeFolder(dirname(file));
  replaceFile(file, gzipSync(tar), 0o644);
}

/** The tar archive from the first of the files that is there; null when none is. */
export function readImage(files: readonly string[] = places): Uint8Array | null {
  for (const file of files) {
    try {
      // A copy: nanotar reads the memory below an array from its beginning.
      return new Uint8Array(gunzipSync(readFileSync(file)));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return null;
}

/** Unpacks an archive that `makeDatabaseImage` wrote: plain files and folders, names that stay inside. */
function unpack(tar: Uint8Array, folder: string): void {
  for (const { name, type, data } of parseTar(tar)) {
    const path = join(folder, name);
    if (type === 'directory') makeFolder(path, 0o700);
    else {
      makeFolder(dirname(path), 0o700);
      writeFileSync(path, data ?? '', { mode: 0o600 });
    }
  }
}

/** Makes the folder, which must not be there yet, from an image: whole or not at all. */
export function unpackImage(tar: Uint8Array, folder: string): void {
  const temporary = `${folder}.new`;
  rmSync(temporary, { recursive: true, force: true });
  unpack(tar, temporary);
  renameSync(temporary, folder);
}
