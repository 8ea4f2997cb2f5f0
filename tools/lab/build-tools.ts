/** Builds `mig` and `mig-server` of this checkout, when they are not up to date. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { buildTools as buildCheckoutTools } from '../../builder/build-tools.ts';
import { Progress } from '../../builder/progress.ts';
import { makeDatabaseImage } from '../../server/database/image.ts';
import { projectRoot } from './lab.ts';

const imageFile = join(projectRoot, 'dist', 'tools', 'database-image.tar.gz');
const pgliteFile = join(projectRoot, 'node_modules', '@electric-sql', 'pglite', 'package.json');

/** An image makes the embedded database start in a fraction of the time. It fits only one installation of PGlite. */
async function provideDatabaseImage(): Promise<void> {
  const image = statSync(imageFile, { throwIfNoEntry: false });
  if (image === undefined || image.ctimeMs < statSync(pgliteFile).ctimeMs) await makeDatabaseImage(imageFile);
}

export async function buildTools(progress = new Progress(() => {})): Promise<void> {
  await buildCheckoutTools(projectRoot, progress);
  await provideDatabaseImage();
}
