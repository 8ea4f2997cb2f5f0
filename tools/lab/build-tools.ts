/** Builds `mig` and `mig-server` of this checkout, when they are not up to date. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { makeDatabaseImage } from '../../server/database/image.ts';
import { runProgram } from './child.ts';
import { projectRoot } from './lab.ts';

const imageFile = join(projectRoot, 'dist', 'tools', 'database-image.tar.gz');
const pgliteFile = join(projectRoot, 'node_modules', '@electric-sql', 'pglite', 'package.json');

/** With it the embedded database is there in a fraction of the time; it fits one installation of PGlite only. */
async function provideDatabaseImage(): Promise<void> {
  const image = statSync(imageFile, { throwIfNoEntry: false });
  if (image === undefined || image.ctimeMs < statSync(pgliteFile).ctimeMs) await makeDatabaseImage(imageFile);
}

export async function buildTools(onProgress: (line: string) => void = () => {}): Promise<void> {
  const { code, stderr } = await runProgram(process.execPath, [join(projectRoot, 'builder', 'main.ts'), 'tools'], {
    onStderr: (text) => onProgress(text.trimEnd()),
  });
  if (code !== 0) throw new CodedError('lab-build', `mig and mig-server could not be built:\n${stderr}`);
  await provideDatabaseImage();
}
