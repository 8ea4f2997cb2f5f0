/** Builds `mig` and `mig-server` of this checkout, when they are not up to date. */
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildTools as buildCheckoutTools } from '../../builder/build-tools.ts';
import { Progress } from '../../builder/progress.ts';
import { makeDatabaseImage } from '../../server/database/image.ts';
import { projectRoot } from './lab.ts';

const imageFile = join(projectRoot, 'dist', 'tools', 'database-image.tar.gz');
const pgliteFile = join(projectRoot, 'node_modules', '@electric-sql', 'pglite', 'package.json');
const databaseFolder = join(projectRoot, 'server', 'database');

/** The last change of what the image is made of: PGlite, and the migrations with their folder, which tells of a removed one. */
function imageIsDueMs(): number {
  const parts = globSync('{image.ts,migrations,migrations/*.sql}', { cwd: databaseFolder });
  return Math.max(
    ...[pgliteFile, ...parts.map((name) => join(databaseFolder, name))].map((path) => statSync(path).ctimeMs),
  );
}

/** An image makes the embedded database start in a fraction of the time. */
async function provideDatabaseImage(): Promise<void> {
  const image = statSync(imageFile, { throwIfNoEntry: false });
  if (image === undefined || image.ctimeMs < imageIsDueMs()) await makeDatabaseImage(imageFile);
}

export async function buildTools(progress = new Progress(() => {})): Promise<void> {
  await buildCheckoutTools(projectRoot, progress);
  await provideDatabaseImage();
}
