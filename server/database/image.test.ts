import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import { makeDatabaseImage, readImage, unpackImage } from './image.ts';

test('a database that comes out of an image works as one made from nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mig-image-test-'));
  const file = join(folder, 'image.tar.gz');
  await makeDatabaseImage(file);
  const image = readImage([file]);
  assert.ok(image);
  unpackImage(image, join(folder, 'database'));
  const pglite = await PGlite.create({ dataDir: join(folder, 'database') });
  await pglite.exec('CREATE TABLE kept (a integer); INSERT INTO kept VALUES (1)');
  await pglite.close();
  assert.equal(readImage([join(folder, 'nothing.tar.gz')]), null);
  assert.ok(!existsSync(join(folder, 'database.new')));
  rmSync(folder, { recursive: true, force: true });
});
