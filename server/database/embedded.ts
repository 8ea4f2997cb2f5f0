/** The embedded database: PGlite in a folder of the state, PostgreSQL's SQL inside this process. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite, types } from '@electric-sql/pglite';
import { Kysely, PGliteDialect } from 'kysely';
import type { Database } from './database.ts';
import { readImage, unpackImage } from './image.ts';
import { migrate } from './migrate.ts';
import { channels, Notifications } from './notifications.ts';
import type { Tables } from './schema.ts';
import { warmUp } from './warm-up.ts';

/** PGlite's own take an array and a string for each byte: an answer of 32 MiB took more than a gigabyte and 20 seconds. */
const byteaOptions = {
  serializers: {
    [types.BYTEA]: (bytes: Uint8Array) =>
      `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`,
  },
  parsers: { [types.BYTEA]: (text: string) => Buffer.from(text.slice(2), 'hex') },
};

/** A new database comes from the image where that is there and fits; else from nothing. */
async function openFolder(dataDir: string): Promise<PGlite> {
  const image = existsSync(dataDir) ? null : readImage();
  if (image === null) return PGlite.create({ dataDir, ...byteaOptions });
  try {
    unpackImage(image, dataDir);
    return await PGlite.create({ dataDir, ...byteaOptions });
  } catch {
    // An image by another version.
    rmSync(dataDir, { recursive: true, force: true });
    return PGlite.create({ dataDir, ...byteaOptions });
  }
}

async function openMemory(): Promise<PGlite> {
  const image = readImage();
  if (image === null) return PGlite.create(byteaOptions);
  try {
    return await PGlite.create({ loadDataDir: new Blob([image]), ...byteaOptions });
  } catch {
    // An image by another version.
    return PGlite.create(byteaOptions);
  }
}

/** @param stateDir null keeps everything in memory. Only one process may have the folder open. */
export async function openEmbeddedDatabase(stateDir: string | null): Promise<Database> {
  const pglite = stateDir === null ? await openMemory() : await openFolder(join(stateDir, 'database'));
  await migrate(async (statements) => (await pglite.exec(statements)).at(-1)?.rows ?? []);
  const notifications = new Notifications();
  for (const channel of channels) await pglite.listen(channel, (payload) => notifications.emit(channel, payload));
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
  return {
    db,
    notifications,
    isReady: async () => !pglite.closed,
    warmUp: () => warmUp(db),
    close: async () => {
      // Waits for a transaction that is under way; closing kysely closes PGlite when it was used.
      await db.destroy();
      if (!pglite.closed) await pglite.close();
    },
  };
}
