/** Provides tools beside the checkout's own dependencies: from npm, pinned by integrity, installed when first needed. */
import { join } from 'node:path';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { findToolchainFolder, installToolchain, isThere } from './install.mjs';

type ToolchainCode = 'toolchain-missing';

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
  const folder = await findToolchainFolder(root, name);
  if (await isThere(folder)) return folder;
  onProgress(`install ${name} from npm`);
  try {
    await installToolchain(root, name);
  } catch (cause) {
    const parent = join(root, '.cache', 'toolchain');
    throw new CodedError<ToolchainCode>('toolchain-missing', `expected npm to install ${name} in ${parent}`, {
      hint: 'check that the npm registry can be reached and that there is half a gigabyte of space',
      cause,
    });
  }
  return folder;
}
