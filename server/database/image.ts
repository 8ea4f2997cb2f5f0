/**
 * An initialised embedded database as one file: making one from nothing takes PGlite several seconds, unpacking it a
 * fraction of one. Where the file is not there, the database is made from nothing, with the same outcome.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { replaceFile } from '../../host/replace-file.ts';

/** The image beside the bundle that this file has become part of; else the one that a checkout keeps. */
const places = ['./database-image.tar.gz', '../../.cache/database-image.tar.gz'].map((place) =>
  fileURLToPath(new URL(place, import.meta.url)),
);
const blockBytes = 512;
/** Type flags of ustar (POSIX pax, "ustar Interchange Format"). */
const folderFlag = '5';

/** Makes the image. It fits the PGlite that is installed and no other. */
export async function makeDatabaseImage(file: string): Promise<void> {
  const pglite = await PGlite.create();
  const tar = Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer());
  await pglite.close();
  mkdirSync(dirname(file), { recursive: true });
  replaceFile(file, gzipSync(tar), 0o644);
}

/** The tar archive from the first of the files that is there; null when none is. */
export function readImage(files: readonly string[] = places): Buffer | null {
  for (const file of files) {
    try {
      return gunzipSync(readFileSync(file));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return null;
}

function readText(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? length : end);
}

/** Unpacks an archive that `makeDatabaseImage` wrote: plain files and folders, names that stay inside. */
function unpack(tar: Buffer, folder: string): void {
  for (let offset = 0; offset + blockBytes <= tar.length; ) {
    const header = tar.subarray(offset, offset + blockBytes);
    const name = readText(header, 0, 100);
    if (name === '') return;
    const prefix = readText(header, 345, 155);
    const path = join(folder, prefix, name);
    const sizeBytes = Number.parseInt(readText(header, 124, 12), 8);
    offset += blockBytes;
    if (header.toString('latin1', 156, 157) === folderFlag) mkdirSync(path, { recursive: true, mode: 0o700 });
    else {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, tar.subarray(offset, offset + sizeBytes), { mode: 0o600 });
    }
    offset += Math.ceil(sizeBytes / blockBytes) * blockBytes;
  }
}

/** Makes the folder, which must not be there yet, from an image: whole or not at all. */
export function unpackImage(tar: Buffer, folder: string): void {
  const temporary = `${folder}.new`;
  rmSync(temporary, { recursive: true, force: true });
  unpack(tar, temporary);
  renameSync(temporary, folder);
}
