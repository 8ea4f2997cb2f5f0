/** What a build needs besides the checkout's own dependencies: each from npm, pinned by integrity, installed when it is first needed. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CodedError } from '../../protocol/base/coded-error.ts';

export type ToolchainCode = 'toolchain-missing';

const run = promisify(execFile);
const packageFiles = ['package.json', 'package-lock.json'];

/**
 * @param name a folder beside this file: `zig`, `linux-arm64`.
 * @param onProgress one line when something is installed.
 * @returns the absolute path of a folder with the `node_modules` that its lock file describes.
 * @throws CodedError<ToolchainCode>
 */
export async function provideToolchain(
  root: string,
  name: string,
  onProgress: (line: string) => void = () => {},
): Promise<string> {
  const described = join(root, 'builder', 'toolchain', name);
  const lock = await readFile(join(described, 'package-lock.json'));
  const parent = join(root, '.cache', 'toolchain');
  const folder = join(parent, `${name}-${createHash('sha256').update(lock).digest('hex').slice(0, 16)}`);
  if (await isThere(folder)) return folder;
  onProgress(`install ${name} from npm`);
  await mkdir(parent, { recursive: true });
  const unfinished = await mkdtemp(`${folder}.`);
  try {
    for (const file of packageFiles) await copyFile(join(described, file), join(unfinished, file));
    // Forced: npm would refuse a package for another processor. Its integrity is checked all the same.
    await run('npm', ['ci', '--force', '--ignore-scripts', '--loglevel=error'], { cwd: unfinished });
    await rename(unfinished, folder);
  } catch (cause) {
    // Another build that installed the same was faster.
    if (await isThere(folder)) return folder;
    throw new CodedError<ToolchainCode>('toolchain-missing', `expected npm to install ${name} in ${parent}`, {
      hint: 'check that the npm registry can be reached and that there is half a gigabyte of space',
      cause,
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
