/**
 * Installs the packages of a folder beside this file from npm into `.cache/toolchain`. Plain JavaScript without
 * dependencies: it runs while those of the checkout are still being installed.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export function isThere(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The folder of the installed packages; another lock file has another folder. */
export async function findToolchainFolder(root, name) {
  const lock = await readFile(join(root, 'builder', 'toolchain', name, 'package-lock.json'));
  const digest = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  return join(root, '.cache', 'toolchain', `${name}-${digest}`);
}

export async function installToolchain(root, name) {
  const folder = await findToolchainFolder(root, name);
  await mkdir(join(root, '.cache', 'toolchain'), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.`);
  try {
    for (const file of ['package.json', 'package-lock.json'])
      await copyFile(join(root, 'builder', 'toolchain', name, file), join(unfinished, file));
    // Forced: npm would refuse a package for another processor. Its integrity is checked all the same.
    await run('npm', ['ci', '--force', '--ignore-scripts', '--loglevel=error'], { cwd: unfinished });
    await rename(unfinished, folder);
  } catch (error) {
    // Another build was faster.
    if (!(await isThere(folder))) throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
